import json
import os
import unittest

from grapevine import SignatureError, verify_webhook

with open(os.environ["GRAPEVINE_WEBHOOKS"], encoding="utf-8") as file:
    TABLE = json.load(file)


class Webhooks(unittest.TestCase):
    def test_those_of_the_table(self) -> None:
        for case in TABLE["webhooks"]:
            for body in (case["body"], case["body"].encode()):
                with self.subTest(case["name"]):
                    if case["good"]:
                        event = verify_webhook(body, case["headers"], case["secrets"], now=case["now"])
                        self.assertEqual(event, json.loads(case["body"]))
                    else:
                        with self.assertRaises(SignatureError):
                            verify_webhook(body, case["headers"], case["secrets"], now=case["now"])

    def test_a_secret_that_is_none(self) -> None:
        case = TABLE["webhooks"][0]
        for secret in TABLE["bad_secrets"]:
            with self.subTest(secret), self.assertRaises(ValueError):
                verify_webhook(case["body"], case["headers"], secret, now=case["now"])

    def test_our_own_clock(self) -> None:
        case = TABLE["webhooks"][0]
        with self.assertRaises(SignatureError):
            verify_webhook(case["body"], case["headers"], case["secrets"])


if __name__ == "__main__":
    unittest.main()
