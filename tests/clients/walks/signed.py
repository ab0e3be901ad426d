"""Verifies each signature of a mail by what doctor says has to stand in the DNS: `signed.py MAIL RECORDS`."""

import json
import sys

import dkim

with open(sys.argv[1], "rb") as file:
    mail = file.read()
with open(sys.argv[2], encoding="utf-8") as file:
    records = {each["name"] + ".": each["value"] for each in json.load(file)}


def texts(name, timeout=5):
    """What stands at a name."""
    return records[name.decode()].encode()


def verified(text):
    """How many signatures there are, and which of them hold."""
    signatures = text.split(b"\r\n\r\n", 1)[0].count(b"DKIM-Signature: ")
    held = []
    for index in range(signatures):
        try:
            held.append(dkim.DKIM(text).verify(idx=index, dnsfunc=texts))
        except dkim.DKIMException:
            held.append(False)
    return held


head, body = mail.split(b"\r\n\r\n", 1)
relaxed = head.replace(b"Subject: ", b"SUBJECT:   ") + b"\r\n\r\n" + body + b"\r\n\r\n"
changed = [
    mail.replace(b"Subject: ", b"Subject: x"),
    b"From: other@shop.example\r\n" + mail,
    b"Reply-To: other@shop.example\r\n" + mail,
    b"Subject: other\r\n" + mail,
    mail.replace(b"One-Click", b"Two-Clicks"),
    head + b"\r\n\r\n" + body + b"x\r\n",
]
print(json.dumps({"held": verified(mail), "relaxed": verified(relaxed), "changed": [verified(text) for text in changed]}))
