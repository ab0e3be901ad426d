<?php

declare(strict_types=1);

namespace Grapevine;

/** A webhook that is not to be believed; answer it 400. */
final class SignatureError extends \RuntimeException
{
}
