<?php

declare(strict_types=1);

namespace Grapevine;

/** A thin client of Grapevine: one method for each operation of its contract. */
final class Client
{
    use Operations;

    private readonly Http $http;

    /**
     * @param string $url where the server is
     * @param ?string $key a key's secret or an access token; for `/v1/me/…` a customer's token
     * @param float $timeout how long one try may take, seconds
     * @param int $tries how often a request is sent at most
     */
    public function __construct(string $url, ?string $key = null, float $timeout = 10.0, int $tries = 4)
    {
        $this->http = new Http($url, $key, $timeout, $tries);
    }

    /** What the last answer said beside its body: its status, `etag`, `requestId`, and whether it was `replayed`. */
    public function last(): Meta
    {
        return $this->http->last;
    }

    /**
     * Every row of a list, page by page: `$client->all(fn ($after) => $client->listShares(after: $after))`.
     *
     * @param callable(string|int|null): array<string, mixed> $page
     * @return \Generator<int, array<string, mixed>>
     */
    public function all(callable $page): \Generator
    {
        $after = null;
        do {
            $answer = $page($after);
            foreach ($answer['data'] as $row) {
                yield $row;
            }
            $after = $answer['next'] ?? null;
        } while ($after !== null);
    }

    /** Sends a request of your own making, as the operations do theirs. */
    public function send(Call $call): mixed
    {
        return $this->http->send($call);
    }
}
