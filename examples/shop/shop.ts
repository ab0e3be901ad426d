// A miniature shop with Grapevine in it: sign-up, cart, checkout, payment, refund, support. GRAPEVINE_URL and GRAPEVINE_KEY
// say where and as whom; the program `friends` is active there. Sessions are in memory, for it is an example.

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";

import { Grapevine, Refusal, type Cart, type Hold } from "@grapevine/client";

const grapevine = new Grapevine({ url: process.env.GRAPEVINE_URL!, key: process.env.GRAPEVINE_KEY! });
const GOODS: Record<string, { name: string; price: number }> = { mug: { name: "Mug", price: 1490 }, beans: { name: "Beans, 1 kg", price: 2490 } };

interface Session { id: string; customer?: string; token?: string; code?: string; cart: Record<string, number>; hold?: Hold; order?: string; link?: string }
const sessions = new Map<string, Session>();

/** A sign-up is one call: who they are, and by whose link they came. */
async function signUp(session: Session, email: string): Promise<string> {
    session.customer = `c-${email.split("@")[0]}`;
    const evidence = session.token ? { token: session.token } : undefined;
    const { referral } = await grapevine.upsertCustomer(session.customer, { email, evidence });
    return referral?.advocate ? `Welcome! ${referral.advocate} sent you.` : "Welcome!";
}

/** The cart as Grapevine has it: what was typed goes along, and by whose link they came. */
function cartOf({ id, customer, token, code, cart }: Session): Cart {
    const items = Object.entries(cart).map(([sku, quantity]) => ({ id: sku, sku, quantity, amount: GOODS[sku]!.price * quantity }));
    const amount = items.reduce((sum, item) => sum + item.amount, 0);
    return { cart_id: id, visitor: id, customer, currency: "EUR", amount, items, codes: code ? [code] : [], evidence: token ? { token } : null };
}

function put(session: Session, sku: string, code: string): Promise<string> {
    if (GOODS[sku]) session.cart[sku] = (session.cart[sku] ?? 0) + 1;
    if (code) session.code = code;
    return price(session);
}

/** What the cart comes to, and in words why a code does not count; such a code is not kept. */
async function price(session: Session): Promise<string> {
    const { lines, provisional, ...answer } = await grapevine.checkCart(cartOf(session));
    const refused = lines.filter(({ code, reasons }) => code && reasons.length > 0 && !reasons.includes("customer_required"));
    if (refused.length > 0) session.code = undefined;
    // Who buys is not known yet: what it would come to is shown all the same.
    const { discount, payable } = provisional ?? answer;
    return [`Discount ${euro(discount)}`, `to pay ${euro(payable)}`, ...refused.map(({ code, message }) => `${code}: ${message}`)].join("; ");
}

/** From the checkout to the payment nobody else can spend what is in the cart. */
async function checkout(session: Session): Promise<string> {
    session.hold = await grapevine.createHold(cartOf(session));
    session.order = `O-${session.hold.id.slice(-8)}`;
    return `Order ${session.order}: to pay ${euro(session.hold.payable)}`;
}

/** A payment is one call: the order is reported, and what was held for it is spent; or neither happens. */
async function pay(session: Session): Promise<string> {
    const { order, hold, customer, token } = session;
    if (!order || !hold) return "There is nothing to pay.";
    const { currency, amount, items } = cartOf(session);
    const evidence = token ? { token } : undefined;
    await grapevine.createConversion({ order_id: order, customer, currency, amount, items, evidence, redeem: { hold: hold.id } });
    Object.assign(session, { cart: {}, code: undefined, token: undefined, hold: undefined, order: undefined });
    return `Thank you! Order ${order} is paid.`;
}

/** What was spent on the order comes back, and what it earned others is taken back. */
async function refund(order: string): Promise<string> {
    const { refund } = await grapevine.createRefund(order, { refund_id: `R-${order}`, kind: "withdrawal" });
    return `Order ${order} is refunded; ${refund.rewards.filter(({ outcome }) => outcome === "voided").length} rewards fall away.`;
}

/** What happened, as the customer tells it: found by whatever they told. */
async function support(q: string): Promise<string> {
    const { customers } = await grapevine.lookupCustomer({ q });
    if (!customers[0]) return "Nobody is known by that.";
    const { data } = await grapevine.getTimeline(customers[0].id, { locale: "en" });
    return data.map((moment) => moment.sentence).join("\n");
}

async function share(session: Session): Promise<string> {
    const made = await grapevine.createShare({ program: "friends", customer: session.customer, channel: "whatsapp" });
    if ("url" in made) session.link = made.send_url.mobile ?? made.url;
    return "url" in made ? made.text : "";
}

async function answer(path: string, form: URLSearchParams, session: Session): Promise<string> {
    const said = (name: string) => form.get(name)?.trim() ?? "";
    switch (path) {
        case "/": return "Welcome!";
        case "/welcome": session.token = said("gv"); return "A friend sent you: your discount is in the cart.";
        case "/sign-up": return signUp(session, said("email"));
        case "/cart": return put(session, said("sku"), said("code"));
        case "/checkout": return checkout(session);
        case "/pay": return pay(session);
        case "/refund": return refund(said("order"));
        case "/support": return support(said("q"));
        case "/share": return share(session);
        default: return "There is no such page.";
    }
}

const euro = (amount: number) => `${(amount / 100).toFixed(2)} €`;
const html = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
const button = (path: string, text: string, fields = "") => `<form method="post" action="${path}">${fields}<button>${text}</button></form>`;

function page(message: string, { customer, cart, link }: Session): string {
    const goods = Object.entries(GOODS).map(([sku, { name, price }]) => button("/cart", `${name}, ${euro(price)}`, `<input type="hidden" name="sku" value="${sku}">`));
    const inCart = Object.entries(cart).map(([sku, quantity]) => `<li>${quantity} × ${GOODS[sku]!.name}`);
    return `<!doctype html><meta charset="utf-8"><title>Shop</title><h1>A small shop</h1><p id="message">${html(message).replace(/\n/g, "<br>")}</p>${goods.join("")}<ul>${inCart.join("")}</ul>
        ${button("/cart", "Use a code", '<input name="code" placeholder="Code">')}${button("/checkout", "Check out")}${button("/pay", "Pay")}
        ${link ? `<a href="${html(link)}">Send it</a>` : ""}${customer ? button("/share", "Recommend us") : button("/sign-up", "Sign up", '<input name="email" type="email" required>')}${button("/support", "Help", '<input name="q" placeholder="E-mail or order">')}`;
}

async function formOf(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
    let body = "";
    for await (const part of request) body += String(part);
    return request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
}

const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://shop");
    const id = /session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? randomUUID();
    const session = sessions.get(id) ?? { id, cart: {} };
    sessions.set(id, session);
    response.setHeader("content-type", "text/html; charset=utf-8").setHeader("set-cookie", `session=${id}; HttpOnly; SameSite=Lax; Path=/`);
    try {
        response.end(page(await answer(url.pathname, await formOf(request, url), session), session));
    } catch (error) {
        response.statusCode = error instanceof Refusal ? 409 : 502;
        response.end(page(error instanceof Refusal ? error.message : "Please try again.", session));
    }
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as { port: number }).port}`));
