// What two public lists say of user agents, as JSON: those that the list of crawlers has, then those on standard input,
// one a line.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { isbot } from 'isbot';

const crawlers = createRequire(import.meta.url)('crawler-user-agents');
const listed = crawlers.map(({ pattern, instances, tags }) => ({ pattern: new RegExp(pattern), instances, tags: tags ?? [] }));
const judged = (agent, robot) => ({
  agent,
  isbot: isbot(agent),
  robot,
  preview: listed.some(({ pattern, tags }) => tags.includes('social-preview') && pattern.test(agent)),
});
const instances = new Set(listed.flatMap(({ instances }) => instances));
const given = readFileSync(0, 'utf8').split('\n').filter((line) => line !== '');
const robot = (agent) => listed.some(({ pattern }) => pattern.test(agent));
process.stdout.write(JSON.stringify({
  listed: [...instances].map((agent) => judged(agent, true)),
  given: given.map((agent) => judged(agent, robot(agent))),
}));
