// The server of the explore page: on loopback only, for our own page only.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stringify } from 'yaml';
import { InputError, scenarioSchema } from '../../models/index.js';
import { failureOf } from '../exit-codes.js';
import type { Environment } from '../places.js';
import { planRequest } from '../plan-request.js';
import { planSentence } from '../planner/index.js';
import type { Runs } from '../pool.js';
import { figureMarkup, kneePicture, pageScript, planReport, type Report, sectionsMarkup } from '../report/index.js';
import { Explorations, type Progress } from './explorations.js';
import { LOOPBACK, refusal } from './guard.js';
import { DEFAULT_HOST, DEFAULT_SCENARIO, explorePage } from './page.js';
import { RecentRuns } from './recent-runs.js';
import { commandFor, type State, stateFrom } from './state.js';

export interface ExploreOptions {
  readonly runs: Runs;
  /** How many the runs do at the same time. */
  readonly atOnce: number;
  readonly environment: Environment;
  /** 0: any free one. */
  readonly port: number;
  /** Files that links may name. */
  readonly files: readonly string[];
}

export interface Explorer {
  /** `http://127.0.0.1:8373/`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Scripts come from here and nothing from anywhere else; no other page may show this one. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

interface Site extends ExploreOptions {
  readonly explorations: Explorations;
}

/** With the defaults written out, as `plan` wants them. */
function asked(state: State): State {
  const { scenario = DEFAULT_SCENARIO, host = DEFAULT_HOST } = state;
  return { ...state, scenario, host };
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  more: Record<string, string> = {},
): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8`, ...more });
  response.end(text);
}

/** The page has its own picture of the knee, which grows as simulations finish. */
const withoutKnee = ({ sections }: Report): Pick<Report, 'sections'> => ({
  sections: sections.map(({ title, blocks }) => ({
    title,
    blocks: blocks.filter((block) => block.kind !== 'picture' || block.id !== 'knee'),
  })),
});

/** What a page is told of a plan: the knee as far as it is known, and the rest once it is. */
async function told({
  command,
  doing,
  asked: runs,
  finished,
  counted,
  densities,
  soFar,
  document,
  failure,
}: Progress): Promise<unknown> {
  if (failure !== undefined) return { command, failure };
  const known = document ? { answer: document.answer } : soFar && { soFar };
  const picture = densities.length > 0 ? kneePicture({ ...counted, densities, ...known }) : undefined;
  return {
    command,
    progress: document ? '' : `${finished} of ${runs} runs done: ${doing}`,
    ...(picture ? { knee: await figureMarkup(picture, 'live') } : {}),
    ...(document
      ? {
          sentence: planSentence(document),
          good: document.fits,
          report: await sectionsMarkup(withoutKnee(planReport(document))),
        }
      : {}),
  };
}

/** Server-sent events (HTML standard, 9.2): one each time that more is known, until the plan is made. */
function stream(site: Site, state: State, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  let latest: Progress | undefined;
  let writing = false;
  const write = async (): Promise<void> => {
    if (writing) return;
    writing = true;
    // What comes while one is being drawn is drawn with the next.
    while (latest && !response.writableEnded) {
      const progress = latest;
      latest = undefined;
      response.write(`data: ${JSON.stringify(await told(progress))}\n\n`);
      if (progress.document || progress.failure !== undefined) response.end();
    }
    writing = false;
  };
  const leave = site.explorations.watch(state, (progress) => {
    latest = progress;
    write().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  request.on('close', leave);
}

function answer(site: Site, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const state = () => asked(stateFrom(searchParams, site.files));
  if (pathname === '/') send(response, 200, 'text/html', explorePage(state(), site.environment, site.files));
  else if (pathname === '/explore.js') send(response, 200, 'text/javascript', pageScript('explore'));
  else if (pathname === '/plan') stream(site, state(), request, response);
  else if (pathname === '/plan.json') planFile(site, state(), response);
  else if (pathname === '/scenario.yaml') scenarioFile(site, state(), response);
  else send(response, 404, 'text/plain', 'no such page\n');
}

function planFile(site: Site, state: State, response: ServerResponse): void {
  const document = site.explorations.document(state);
  if (document) send(response, 200, 'application/json', `${JSON.stringify(document, null, 2)}\n`);
  else send(response, 404, 'text/plain', 'this plan is not made\n');
}

/** With its settings applied, and with the command line that plans with it. */
function scenarioFile(site: Site, state: State, response: ServerResponse): void {
  const { scenario, lab } = planRequest(state, site.environment);
  if (lab)
    throw new InputError(state.scenario ?? '', 'a scenario: hand on the containerlab file itself', 'what it declares');
  const { limits: _, ...rest } = state;
  const others = {
    ...rest,
    scenario: `${scenario.name}.yaml`,
    set: state.set.filter((one) => !one.startsWith('scenario.')),
  };
  const text = `# ${commandFor(others)}\n${stringify(scenarioSchema.encode(scenario))}`;
  send(response, 200, 'application/yaml', text, {
    'content-disposition': `attachment; filename="${scenario.name}.yaml"`,
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      fail(taken ? new InputError('--port', 'a port that is free', `${port}`) : error);
    });
    server.listen(port, LOOPBACK, () => done((server.address() as AddressInfo).port));
  });
}

/** @throws InputError for a port that is taken. */
export async function openExplorer(options: ExploreOptions): Promise<Explorer> {
  const explorations = new Explorations(new RecentRuns(options.runs, options.atOnce), options.environment);
  const site: Site = { ...options, explorations };
  let port = options.port;
  const server = createServer((request, response) => {
    const why = refusal(request, port);
    try {
      if (why === undefined) answer(site, request, response);
      else send(response, 403, 'text/plain', `refused: ${why}\n`);
    } catch (error) {
      const status = error instanceof InputError ? 400 : 500;
      send(response, status, 'text/plain', failureOf(error).message);
    }
  });
  port = await listen(server, port);
  return {
    address: `http://${LOOPBACK}:${port}/`,
    async close() {
      explorations.end();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
