/** A thin client of Grapevine: one method for each operation of its contract. Needs nothing but Node 18 or newer. */

import { Http, type Call, type Settings } from "./http.js";
import { Operations } from "./operations.js";

/** A client; make one for each key, and share it. */
export class Grapevine extends Operations {
    readonly #http: Http;

    constructor(settings: Settings) {
        super();
        this.#http = new Http(settings);
    }

    /** Sends a request of your own making, as the operations do theirs. */
    send<Answer>(call: Call): Promise<Answer> {
        return this.#http.send<Answer>(call);
    }
}

export { all, metaOf, path, Refusal, Unanswered } from "./http.js";
export type { Call, Meta, Options, Settings } from "./http.js";
export { SignatureError, verifyWebhook } from "./webhooks.js";
export type { Verification } from "./webhooks.js";
export type * from "./types.js";
