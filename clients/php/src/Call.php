<?php

declare(strict_types=1);

namespace Grapevine;

/** A request, as the operations make them. */
final class Call
{
    /**
     * @param string $path with its parameters in it, encoded
     * @param array<string, string|int|bool|null> $query what is null is left out
     * @param array<string, mixed>|object|string|null $body sent as JSON, or as it is where `$type` names what it is
     * @param 'json'|'text'|'nothing' $answer what is answered
     * @param bool $keyed whether it takes an `Idempotency-Key`
     * @param bool $lasts whether it may last long
     * @param bool $once whether its answer is not kept for repetitions, so that one that got lost must not be asked for again
     */
    public function __construct(
        public readonly string $method,
        public readonly string $path,
        public readonly array $query = [],
        public readonly array|object|string|null $body = null,
        public readonly ?string $type = null,
        public readonly string $answer = 'json',
        public readonly bool $keyed = false,
        public readonly bool $lasts = false,
        public readonly bool $once = false,
        public readonly ?string $idempotencyKey = null,
        public readonly ?string $ifMatch = null,
        public readonly ?float $timeout = null,
    ) {
    }
}
