<?php

declare(strict_types=1);

// What openapi-generator makes of the contract for PHP, along the main path. Prints what it met, as JSON.

use GeneratedClient\Api\ConversionsApi;
use GeneratedClient\Api\CustomersApi;
use GeneratedClient\Api\ProgramsApi;
use GeneratedClient\Api\RecordsApi;
use GeneratedClient\Api\SharesApi;
use GeneratedClient\Api\ShopApi;
use GeneratedClient\Api\VouchersApi;
use GeneratedClient\ApiException;
use GeneratedClient\Configuration;
use GeneratedClient\Model;

require 'GuzzleHttp/autoload.php';
spl_autoload_register(static function (string $class): void {
    $file = getenv('GENERATED') . '/lib/' . str_replace(['GeneratedClient\\', '\\'], ['', '/'], $class) . '.php';
    if (str_starts_with($class, 'GeneratedClient\\') && is_file($file)) {
        require $file;
    }
});

$config = (new Configuration())->setHost(getenv('GRAPEVINE_URL'))->setAccessToken(getenv('GRAPEVINE_KEY'));
$api = static fn (string $class) => new $class(new GuzzleHttp\Client(), $config);
$once = static fn () => bin2hex(random_bytes(16));

$program = $api(ProgramsApi::class)->createProgram(new Model\NewProgram([
    'name' => 'Tell a friend',
    'slug' => 'friends',
    'status' => 'active',
    'landing_url' => 'https://shop.example/welcome',
    'rewards' => [
        new Model\RewardRule(['to' => 'advocate', 'on' => 'conversion', 'kind' => 'amount_off', 'amount' => 1000]),
        new Model\RewardRule(['to' => 'friend', 'on' => 'conversion', 'kind' => 'percent_off', 'rate_bps' => 1000, 'max_amount' => 2000]),
    ],
]), $once());
$customers = $api(CustomersApi::class);
$customers->upsertCustomer('anna', new Model\CustomerChange(['email' => 'anna@example.org']));
$customers->upsertCustomer('ben', new Model\CustomerChange(['email' => 'ben@example.org']));
$share = new Model\NewShare(['program' => $program->getSlug(), 'customer' => 'anna', 'channel' => 'whatsapp']);
$share = $api(SharesApi::class)->createShare($share, $once());
$evidence = new Model\Evidence(['token' => $share->getToken()]);
$order = ['order_id' => 'A-1001', 'customer' => 'ben', 'amount' => 4990, 'currency' => 'EUR', 'evidence' => $evidence];
$conversion = $api(ConversionsApi::class)->createConversion(new Model\NewConversion($order), $once());
$api(ShopApi::class)->moveTestClock(new Model\ClockMove(['advance_days' => 31]));
$vouchers = $customers->listCustomerVouchers('anna')->getData();
$cart = ['codes' => [$vouchers[0]->getCode()], 'customer' => 'anna', 'currency' => 'EUR', 'amount' => 4990];
$checkout = $api(VouchersApi::class);
$redemption = $checkout->createRedemption(new Model\NewRedemption(['order_id' => 'A-2001'] + $cart), $once());
$listed = $checkout->listRedemptions('A-2001')->getData();
$events = $api(RecordsApi::class)->listEvents(200)->getData();
try {
    $checkout->createRedemption(new Model\NewRedemption(['order_id' => 'A-2002'] + $cart), $once());
    $refused = null;
} catch (ApiException $refusal) {
    $refused = $refusal->getResponseObject()?->getCode() ?? json_decode($refusal->getResponseBody())->code;
}

echo json_encode([
    'conversion' => [
        'status' => $conversion->getStatus(),
        'method' => $conversion->getAttribution()->getMethod(),
        'rewards' => count($conversion->getRewards()),
    ],
    'voucher' => ['kind' => $vouchers[0]->getKind(), 'amount' => $vouchers[0]->getAmount(), 'count' => count($vouchers)],
    'redemption' => ['discount' => $redemption->getDiscount(), 'payable' => $redemption->getPayable()],
    'listed' => array_map(fn ($row) => $row->getOrderId(), $listed),
    'recorded' => count(array_filter($events, fn ($event) => $event->getType() === 'conversion.recorded')),
    'refused' => $refused,
]), "\n";
