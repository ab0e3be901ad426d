<?php

declare(strict_types=1);

namespace Grapevine;

/** No answer came, in no try. It may have happened all the same: repeat with `$idempotencyKey`, and it happens once. */
final class Unanswered extends \RuntimeException
{
    public function __construct(string $what, public readonly ?string $idempotencyKey, string $cause)
    {
        parent::__construct("$what: no answer ($cause)");
    }
}
