<?php

declare(strict_types=1);

namespace Grapevine;

/** Webhooks are signed as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over `id.timestamp.body`. */
final class Webhook
{
    /**
     * The event in a webhook, when one of its signatures was made with one of the secrets.
     *
     * The same event may come again: keep its `id`.
     *
     * @param string $body the body as it came (`php://input`), before anything parsed it
     * @param array<string, string> $headers `getallheaders()`
     * @param string|list<string> $secret `whsec_…`; two of them while one is rotated
     * @param ?int $now our time, seconds since 1970; null: now
     * @return array<string, mixed>
     */
    public static function verify(
        string $body,
        array $headers,
        string|array $secret,
        int $toleranceSeconds = 300,
        ?int $now = null,
    ): array {
        $given = array_change_key_case($headers);
        [$id, $timestamp, $signatures] = [$given['webhook-id'] ?? '', $given['webhook-timestamp'] ?? '', $given['webhook-signature'] ?? ''];
        if ($id === '' || $timestamp === '' || $signatures === '' || str_contains($id, '.')) {
            throw new SignatureError('webhook-id, webhook-timestamp or webhook-signature is missing');
        }
        $isNumber = ctype_digit($timestamp) && strlen($timestamp) <= 12;
        if (!$isNumber || abs(($now ?? time()) - (int) $timestamp) > $toleranceSeconds) {
            throw new SignatureError('webhook-timestamp is too old, or ahead');
        }
        foreach ((array) $secret as $one) {
            $wanted = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", self::key($one), true));
            foreach (explode(' ', $signatures) as $signature) {
                if (hash_equals($wanted, $signature)) {
                    return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
                }
            }
        }
        throw new SignatureError('no signature fits');
    }

    private static function key(string $secret): string
    {
        $text = str_starts_with($secret, 'whsec_') ? substr($secret, 6) : $secret;
        $key = (string) base64_decode($text, true);
        if (strlen($key) < 24 || strlen($key) > 64) {
            throw new \InvalidArgumentException('the secret of a webhook is whsec_ and the base64 of 24 to 64 bytes');
        }
        return $key;
    }
}
