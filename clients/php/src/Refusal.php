<?php

declare(strict_types=1);

namespace Grapevine;

/** The server refused; `errorCode` is stable, the message says what to do, `errors` which fields are wrong. */
final class Refusal extends \RuntimeException
{
    public readonly string $errorCode;
    /** @var list<array{pointer: string, code: string, detail: string}> */
    public readonly array $errors;

    /** @param array<string, mixed> $problem */
    public function __construct(public readonly int $status, array $problem, public readonly ?string $requestId)
    {
        parent::__construct($problem['detail'] ?? $problem['title'] ?? "status $status", $status);
        $this->errorCode = $problem['code'] ?? '';
        $this->errors = $problem['errors'] ?? [];
    }
}
