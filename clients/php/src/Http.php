<?php

declare(strict_types=1);

namespace Grapevine;

/** How requests are sent, and sent again: under the same `Idempotency-Key`, so that what is repeated happens once. */
final class Http
{
    private const AGAIN = [408, 429, 500, 502, 503, 504];
    private const LONGEST_PAUSE = 30;

    public Meta $last;
    private readonly string $base;
    private readonly \CurlHandle $curl;

    public function __construct(
        string $url,
        private readonly ?string $key,
        private readonly float $timeout,
        private readonly int $tries,
    ) {
        $this->base = rtrim($url, '/');
        $this->curl = curl_init();
        $this->last = new Meta();
    }

    /** A path with its parameters encoded: `Http::path('/v1/customers/%s', $id)`. */
    public static function path(string $template, string|int ...$values): string
    {
        return vsprintf($template, array_map(static fn ($value) => rawurlencode((string) $value), $values));
    }

    /** Sends a request until it is answered, or its tries are used up. */
    public function send(Call $call): mixed
    {
        $key = $call->keyed ? ($call->idempotencyKey ?? self::newKey()) : null;
        for ($tried = 1; ; $tried++) {
            $body = $this->try($call, $key);
            if ($body !== null && $this->last->status < 300) {
                return self::read($call, $body);
            }
            $refusal = $body === null ? null : $this->refusal($body);
            if ($tried >= $this->tries || !self::isWorthwhile($call, $refusal)) {
                throw $refusal ?? new Unanswered("$call->method $call->path", $key, curl_error($this->curl));
            }
            usleep($this->pause($tried));
        }
    }

    /** The answer's body; null: none came. */
    private function try(Call $call, ?string $key): ?string
    {
        $headers = [];
        curl_reset($this->curl);
        curl_setopt_array($this->curl, [
            CURLOPT_URL => $this->base . $call->path . self::query($call->query),
            CURLOPT_CUSTOMREQUEST => $call->method,
            CURLOPT_HTTPHEADER => $this->headers($call, $key),
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_TIMEOUT_MS => (int) (1000 * ($call->timeout ?? ($call->lasts ? 0 : $this->timeout))),
            CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$headers): int {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $headers[strtolower($name)] = trim($value);
                return strlen($line);
            },
        ]);
        if ($call->body !== null) {
            curl_setopt($this->curl, CURLOPT_POSTFIELDS, self::body($call));
        }
        $body = curl_exec($this->curl);
        $retryAfter = $headers['retry-after'] ?? '';
        $this->last = new Meta(
            is_string($body) ? curl_getinfo($this->curl, CURLINFO_RESPONSE_CODE) : 0,
            $headers['etag'] ?? null,
            $headers['x-request-id'] ?? null,
            ($headers['idempotent-replayed'] ?? '') === 'true',
            ctype_digit($retryAfter) ? (int) $retryAfter : null,
        );
        return is_string($body) ? $body : null;
    }

    /** @return list<string> */
    private function headers(Call $call, ?string $key): array
    {
        // Without an `Expect` of curl's own.
        $headers = ['Accept: ' . ($call->answer === 'json' ? 'application/json' : '*/*'), 'Expect:'];
        if ($this->key !== null) {
            $headers[] = "Authorization: Bearer $this->key";
        }
        if ($key !== null) {
            $headers[] = "Idempotency-Key: $key";
        }
        if ($call->ifMatch !== null) {
            $headers[] = "If-Match: $call->ifMatch";
        }
        if ($call->body !== null) {
            $headers[] = 'Content-Type: ' . ($call->type ?? 'application/json');
        }
        return $headers;
    }

    /** @param array<string, string|int|bool|null> $query */
    private static function query(array $query): string
    {
        $asked = array_filter($query, static fn ($value) => $value !== null);
        $asked = array_map(static fn ($value) => is_bool($value) ? ($value ? 'true' : 'false') : (string) $value, $asked);
        return $asked === [] ? '' : '?' . http_build_query($asked, '', '&', PHP_QUERY_RFC3986);
    }

    /** An empty array is an empty object here; deeper down say `new \stdClass`. */
    private static function body(Call $call): string
    {
        if ($call->type !== null) {
            return (string) $call->body;
        }
        $body = $call->body === [] ? new \stdClass() : $call->body;
        return json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION);
    }

    private static function read(Call $call, string $body): mixed
    {
        return match ($call->answer) {
            'nothing' => null,
            'json' => json_decode($body, true, 512, JSON_THROW_ON_ERROR),
            default => $body,
        };
    }

    private function refusal(string $body): Refusal
    {
        $status = $this->last->status;
        $problem = json_decode($body, true);
        $problem = is_array($problem) ? $problem : ['detail' => "status $status: " . substr($body, 0, 200)];
        return new Refusal($status, $problem, $this->last->requestId);
    }

    /** Whether another try may help, and can do no harm. */
    private static function isWorthwhile(Call $call, ?Refusal $refusal): bool
    {
        if ($call->once) {
            return $refusal?->status === 429 || in_array($refusal?->errorCode, ['busy', 'unavailable'], true);
        }
        return $refusal === null || in_array($refusal->status, self::AGAIN, true);
    }

    /** As long as the server says, or longer each time, never all clients at once; microseconds. */
    private function pause(int $tried): int
    {
        if ($this->last->retryAfter !== null) {
            return min($this->last->retryAfter, self::LONGEST_PAUSE) * 1_000_000;
        }
        $longest = min(250 * 2 ** ($tried - 1), 8_000);
        return random_int(intdiv($longest, 2), $longest) * 1_000;
    }

    private static function newKey(): string
    {
        return bin2hex(random_bytes(16));
    }
}
