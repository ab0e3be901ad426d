<?php

declare(strict_types=1);

// The thin PHP client, along the main path and into each corner that it has. Prints what it met, as JSON.

use Grapevine\Client;
use Grapevine\Refusal;
use Grapevine\Unanswered;

require getenv('GRAPEVINE_PHP') . '/autoload.php';

$grapevine = new Client(getenv('GRAPEVINE_URL'), getenv('GRAPEVINE_KEY'));

function refusal(callable $call): mixed
{
    try {
        $call();
    } catch (Refusal $refused) {
        return $refused->errorCode;
    } catch (Unanswered $lost) {
        return $lost;
    }
    return null;
}

$program = $grapevine->createProgram([
    'name' => 'Tell a friend',
    'slug' => 'friends',
    'status' => 'active',
    'landing_url' => 'https://shop.example/welcome',
    'rewards' => [
        ['to' => 'advocate', 'on' => 'conversion', 'kind' => 'amount_off', 'amount' => 1000],
        ['to' => 'friend', 'on' => 'conversion', 'kind' => 'percent_off', 'rate_bps' => 1000, 'max_amount' => 2000],
    ],
]);
$anna = 'anna/10+01%';
$grapevine->upsertCustomer($anna, ['email' => 'anna@example.org', 'first_name' => 'Anna']);
$grapevine->upsertCustomer('ben', ['email' => 'ben@example.org']);
$share = $grapevine->createShare(['program' => $program['slug'], 'customer' => $anna, 'channel' => 'whatsapp']);

$order = ['order_id' => 'A-1001', 'customer' => 'ben', 'amount' => 4990, 'currency' => 'EUR', 'evidence' => ['token' => $share['token']]];
$conversion = $grapevine->createConversion($order, idempotencyKey: 'order-A-1001');
$replayed = $grapevine->last()->replayed;
$grapevine->moveTestClock(['advance_days' => 31]);
$pages = $grapevine->all(fn ($after) => $grapevine->listCustomerVouchers($anna, limit: 1, after: $after));
$vouchers = iterator_to_array($pages, false);
$cart = ['codes' => [$vouchers[0]['code']], 'customer' => $anna, 'order_id' => 'A-2001', 'currency' => 'EUR', 'amount' => 4990];
$redemption = $grapevine->createRedemption($cart);

$listed = $grapevine->listRedemptions(orderId: 'A-2001');
$events = iterator_to_array($grapevine->all(fn ($after) => $grapevine->listEvents(limit: 2, after: $after)), false);
$refused = refusal(fn () => $grapevine->createRedemption(['order_id' => 'A-2002'] + $cart));
$lost = refusal(fn () => $grapevine->createKey(['name' => 'once', 'scopes' => ['shop:read']]));
$grapevine->getShop();
$etag = $grapevine->last()->etag;
$changed = $grapevine->updateShop(['home_url' => 'https://shop.example/'], ifMatch: $etag);
$stale = refusal(fn () => $grapevine->updateShop(['home_url' => null], ifMatch: $etag));
$keys = $grapevine->listKeys();

echo json_encode([
    'conversion' => [
        'status' => $conversion['status'],
        'method' => $conversion['attribution']['method'],
        'rewards' => count($conversion['rewards']),
    ],
    'voucher' => ['kind' => $vouchers[0]['kind'], 'amount' => $vouchers[0]['amount'], 'count' => count($vouchers)],
    'redemption' => ['discount' => $redemption['discount'], 'payable' => $redemption['payable']],
    'listed' => array_column($listed['data'], 'order_id'),
    'recorded' => count(array_filter($events, fn ($event) => $event['type'] === 'conversion.recorded')),
    'gapless' => array_column($events, 'seq') === range(1, count($events)),
    'replayed' => $replayed,
    'refused' => $refused,
    'lost' => $lost instanceof Unanswered,
    'once' => count(array_filter($keys['data'], fn ($key) => $key['name'] === 'once')),
    'home' => $changed['home_url'],
    'stale' => $stale,
    'image' => str_contains($grapevine->getShareQrSvg($share['id']), '<svg'),
]), "\n";
