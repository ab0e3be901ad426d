<?php

declare(strict_types=1);

namespace Grapevine;

/** What an answer said beside its body. */
final class Meta
{
    /**
     * @param ?string $etag for `ifMatch`
     * @param ?string $requestId by which the shop's log and the server's can be compared
     * @param bool $replayed whether this is the stored answer to an earlier try
     */
    public function __construct(
        public readonly int $status = 0,
        public readonly ?string $etag = null,
        public readonly ?string $requestId = null,
        public readonly bool $replayed = false,
        public readonly ?int $retryAfter = null,
    ) {
    }
}
