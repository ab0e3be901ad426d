<?php

declare(strict_types=1);

// From a recommendation to the voucher that it earns, in a test shop with an active program `friends`.

use Grapevine\Client;
use Grapevine\Refusal;

require __DIR__ . '/../autoload.php'; // or Composer's vendor/autoload.php

$grapevine = new Client(getenv('GRAPEVINE_URL'), getenv('GRAPEVINE_KEY'));

$grapevine->upsertCustomer('anna', ['email' => 'anna@example.org', 'first_name' => 'Anna']);
$share = $grapevine->createShare(['program' => 'friends', 'customer' => 'anna', 'channel' => 'whatsapp']);
echo 'Anna sends ', $share['text'], "\n";

try {
    // The token comes back from the landing page: ?gv=TOKEN.VISIT. The key is the order's: however often this runs, it counts once.
    $order = ['order_id' => 'A-1001', 'customer' => 'ben', 'amount' => 4990, 'currency' => 'EUR', 'evidence' => ['token' => $share['token']]];
    $conversion = $grapevine->createConversion($order, idempotencyKey: 'order-A-1001');
    echo "Ben's order is credited to ", $conversion['attribution']['advocate'], "\n";
} catch (Refusal $refusal) {
    fwrite(STDERR, "$refusal->errorCode {$refusal->getMessage()} $refusal->requestId\n");
}

$grapevine->moveTestClock(['advance_days' => 31]);
echo "Anna's voucher: ", $grapevine->listCustomerVouchers('anna')['data'][0]['code'], "\n";
