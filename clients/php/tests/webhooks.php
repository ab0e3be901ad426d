<?php

declare(strict_types=1);

use Grapevine\SignatureError;
use Grapevine\Webhook;

require getenv('GRAPEVINE_PHP') . '/autoload.php';

function outcome(callable $verify): mixed
{
    try {
        return $verify();
    } catch (SignatureError | InvalidArgumentException $error) {
        return $error::class;
    }
}

$table = json_decode(file_get_contents(getenv('GRAPEVINE_WEBHOOKS')), true, 512, JSON_THROW_ON_ERROR);
$cases = $table['webhooks'];
$first = $cases[0];
$tried = [];
foreach ($cases as $case) {
    $met = outcome(fn () => Webhook::verify($case['body'], $case['headers'], $case['secrets'], now: $case['now']));
    $tried[] = [$case['name'], $met, $case['good'] ? json_decode($case['body'], true) : SignatureError::class];
}
foreach ($table['bad_secrets'] as $secret) {
    $met = outcome(fn () => Webhook::verify($first['body'], $first['headers'], $secret, now: $first['now']));
    $tried[] = ["a secret that is none: $secret", $met, InvalidArgumentException::class];
}
$met = outcome(fn () => Webhook::verify($first['body'], $first['headers'], $first['secrets']));
$tried[] = ['our own clock', $met, SignatureError::class];

$wrong = array_filter($tried, fn ($one) => $one[1] !== $one[2]);
foreach ($wrong as [$name, $met, $wanted]) {
    echo "$name: ", json_encode($met), ' instead of ', json_encode($wanted), "\n";
}
echo count($tried), " tried\n";
exit($wrong === [] && count($tried) > 20 ? 0 : 1);
