/** How requests are sent, and sent again: under the same `Idempotency-Key`, so that what is repeated happens once. */

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import type { Problem } from "./types.js";

/** What a client is made of. */
export interface Settings {
    /** Where the server is: `https://grapevine.shop.example`. */
    url: string;
    /** A key's secret or an access token; for `/v1/me/…` a customer's token. */
    key?: string;
    /** How long one try may take, milliseconds; default 10 000. What lasts by its nature has no limit unless one is named. */
    timeoutMs?: number;
    /** How often a request is sent at most; default 4. */
    tries?: number;
}

/** What may be said of one call. */
export interface Options {
    /** The name of this request, kept by you where it must outlive your process; left out: a new random one. */
    idempotencyKey?: string;
    /** The version that is changed: `metaOf(…).etag` of what was read, or `*`. */
    ifMatch?: string;
    /** How long one try may take, milliseconds. */
    timeoutMs?: number;
    /** Gives up when it is aborted. */
    signal?: AbortSignal;
}

/** A value in a query, or several; what is undefined is left out. */
export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** A request, as the operations make them. */
export interface Call {
    method: string;
    /** Path with its parameters in it, encoded: see {@link path}. */
    path: string;
    query?: Readonly<Record<string, QueryValue>>;
    /** Sent as JSON; text and bytes as they are. */
    body?: unknown;
    /** The media type of a body that is no JSON. */
    type?: string;
    /** What is answered. */
    answer: "json" | "text" | "bytes" | "nothing";
    /** Whether it takes an `Idempotency-Key`. */
    keyed?: boolean;
    /** Whether it may last long. */
    lasts?: boolean;
    /** Whether its answer is not kept for repetitions, so that one that got lost must not be asked for again. */
    once?: boolean;
    options?: Options;
}

/** What an answer said beside its body. */
export interface Meta {
    status: number;
    /** For `ifMatch`. */
    etag: string | null;
    /** By which the shop's log and the server's can be compared. */
    requestId: string | null;
    /** Whether this is the stored answer to an earlier try. */
    replayed: boolean;
}

/** The server refused; `code` is stable, `detail` says what to do. */
export class Refusal extends Error {
    override readonly name = "Refusal";
    readonly status: number;
    readonly code: string;
    readonly requestId: string | null;
    /** Which fields are wrong, and why. */
    readonly errors: NonNullable<Problem["errors"]>;

    constructor(status: number, problem: Partial<Problem>, requestId: string | null) {
        super(problem.detail ?? problem.title ?? `status ${status}`);
        this.status = status;
        this.code = problem.code ?? "";
        this.requestId = requestId;
        this.errors = problem.errors ?? [];
    }
}

/** No answer came, in no try. It may have happened all the same: repeat with `idempotencyKey`, and it happens once. */
export class Unanswered extends Error {
    override readonly name = "Unanswered";
    readonly idempotencyKey: string | undefined;

    constructor(call: Call, idempotencyKey: string | undefined, cause: unknown) {
        super(`${call.method} ${call.path}: no answer (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
        this.idempotencyKey = idempotencyKey;
    }
}

const metas = new WeakMap<object, Meta>();

/** What the answer said beside its body; undefined for what is no JSON object. */
export function metaOf(answer: unknown): Meta | undefined {
    return typeof answer === "object" && answer !== null ? metas.get(answer) : undefined;
}

/** A path with its parameters encoded: path`/v1/customers/${id}`. */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
    return String.raw({ raw: parts }, ...values.map((value) => encodeURIComponent(String(value))));
}

/** Every row of a list, page by page: all((after) => grapevine.listShares({ after })). */
export async function* all<Row, After extends string | number = string>(
    page: (after: After | undefined) => Promise<{ data: Row[]; next?: After | null }>,
): AsyncGenerator<Row, void, undefined> {
    let after: After | undefined;
    do {
        const { data, next } = await page(after);
        yield* data;
        after = next ?? undefined;
    } while (after !== undefined);
}

const AGAIN = new Set([408, 429, 500, 502, 503, 504]);
const LONGEST_PAUSE_MS = 30_000;

/** Sends requests. */
export class Http {
    readonly #base: string;
    readonly #settings: Settings;

    constructor(settings: Settings) {
        this.#base = settings.url.replace(/\/+$/, "");
        this.#settings = settings;
    }

    /** Sends a request until it is answered, or its tries are used up. */
    async send<Answer>(call: Call): Promise<Answer> {
        const key = call.keyed ? (call.options?.idempotencyKey ?? randomUUID()) : undefined;
        const tries = Math.max(1, this.#settings.tries ?? 4);
        for (let tried = 1; ; tried++) {
            let outcome: Response | Error;
            try {
                outcome = await this.#try(call, key);
                if (outcome.ok) return await read<Answer>(call, outcome);
            } catch (error) {
                call.options?.signal?.throwIfAborted();
                outcome = error as Error;
            }
            const problem = await refusal(outcome);
            if (tried >= tries || !isWorthwhile(call, problem)) throw problem ?? new Unanswered(call, key, outcome);
            await pause(pauseMs(outcome, tried), undefined, { signal: call.options?.signal });
        }
    }

    async #try(call: Call, key: string | undefined): Promise<Response> {
        const headers = new Headers({ accept: call.answer === "json" ? "application/json" : "*/*" });
        if (this.#settings.key !== undefined) headers.set("authorization", `Bearer ${this.#settings.key}`);
        if (key !== undefined) headers.set("idempotency-key", key);
        if (call.options?.ifMatch !== undefined) headers.set("if-match", call.options.ifMatch);
        if (call.body !== undefined) headers.set("content-type", call.type ?? "application/json");
        const timeoutMs = call.options?.timeoutMs ?? (call.lasts ? undefined : (this.#settings.timeoutMs ?? 10_000));
        const clock = new AbortController();
        const giveUp = () => clock.abort(call.options?.signal?.reason);
        const timer = timeoutMs === undefined ? undefined : setTimeout(() => clock.abort(new Error(`not within ${timeoutMs} ms`)), timeoutMs);
        call.options?.signal?.addEventListener("abort", giveUp, { once: true });
        try {
            const body = call.type === undefined && call.body !== undefined ? JSON.stringify(call.body) : (call.body as string | Uint8Array | undefined);
            const asked = { method: call.method, headers, body, redirect: "manual" as const, signal: clock.signal };
            const answer = await fetch(this.#base + call.path + queryOf(call.query), asked);
            // The body belongs to the try: one that breaks off, or is late, is asked for again.
            const bytes = await answer.arrayBuffer();
            return new Response(bytes.byteLength > 0 ? bytes : null, { status: answer.status, headers: answer.headers });
        } finally {
            clearTimeout(timer);
            call.options?.signal?.removeEventListener("abort", giveUp);
        }
    }
}

function queryOf(query: Call["query"]): string {
    const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null);
    // Of several, with commas between.
    const texts = pairs.map(([name, value]): [string, string] => [name, String(value)]);
    return texts.length === 0 ? "" : `?${new URLSearchParams(texts)}`;
}

async function read<Answer>(call: Call, answer: Response): Promise<Answer> {
    switch (call.answer) {
        case "nothing":
            return undefined as Answer;
        case "text":
            return (await answer.text()) as Answer;
        case "bytes":
            return new Uint8Array(await answer.arrayBuffer()) as Answer;
        case "json": {
            const body = (await answer.json()) as Answer;
            if (typeof body === "object" && body !== null) metas.set(body, metaIn(answer));
            return body;
        }
    }
}

function metaIn(answer: Response): Meta {
    const { status, headers } = answer;
    return { status, etag: headers.get("etag"), requestId: headers.get("x-request-id"), replayed: headers.get("idempotent-replayed") === "true" };
}

async function refusal(outcome: Response | Error): Promise<Refusal | undefined> {
    if (outcome instanceof Error) return undefined;
    const text = await outcome.text().catch(() => "");
    let problem: Partial<Problem>;
    try {
        problem = JSON.parse(text) as Partial<Problem>;
    } catch {
        problem = { detail: `status ${outcome.status}: ${text.slice(0, 200)}` };
    }
    return new Refusal(outcome.status, problem, outcome.headers.get("x-request-id"));
}

/** Whether another try may help, and can do no harm. */
function isWorthwhile(call: Call, problem: Refusal | undefined): boolean {
    if (call.once) return problem?.status === 429 || problem?.code === "busy" || problem?.code === "unavailable";
    return problem === undefined || AGAIN.has(problem.status);
}

/** As long as the server says, or longer each time, never all clients at once. */
function pauseMs(outcome: Response | Error, tried: number): number {
    const said = outcome instanceof Error ? NaN : Number(outcome.headers.get("retry-after") ?? NaN);
    if (said >= 0) return Math.min(said * 1_000, LONGEST_PAUSE_MS);
    return Math.min(250 * 2 ** (tried - 1), 8_000) * (0.5 + Math.random() / 2);
}
