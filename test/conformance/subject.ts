import { type Decoder, parseWith } from '@modelpier/backstage-plugin-modelpier-common';
import { Breach, demand } from './breach';
import {
  failure,
  type InferRequest,
  inferResponse,
  type InferResponse,
  type ModelMetadata,
  modelMetadata,
} from './protocol';
import { sampleTensor, type SampleTensor } from './sample';

/** No answer within this long counts as none; a model's first inference may be slow. */
const ANSWER_TIMEOUT_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

export interface Target {
  /** Where the server's paths begin, such as `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Asked for by path where given; else the first that the metadata lists. */
  readonly version?: string;
  readonly fetch: typeof fetch;
  /** Inputs that the model accepts; made up from its metadata where not given. */
  readonly inputs?: readonly SampleTensor[];
  readonly signal?: AbortSignal;
}

/** The server under test, asked in the protocol's words. */
export class Subject {
  readonly #target: Target;
  #metadata: Promise<ModelMetadata> | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  get model(): string {
    return this.#target.model;
  }

  modelPath(rest = '', version?: string): string {
    const at = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`;
    return `/v2/models/${encodeURIComponent(this.model)}${at}${rest}`;
  }

  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const limit = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const signal = this.#target.signal ? AbortSignal.any([this.#target.signal, limit]) : limit;
    const url = `${this.#target.baseUrl.replace(/\/$/, '')}${path}`;
    const response = await this.#target.fetch(url, { redirect: 'manual', ...init, signal });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      text: await response.text(),
    };
  }

  /** The model's metadata, asked for once. */
  metadata(): Promise<ModelMetadata> {
    this.#metadata ??= this.ask(this.modelPath()).then(answer => read(answer, modelMetadata));
    return this.#metadata;
  }

  /** The version to ask for by path; undefined where the server keeps none. */
  async version(): Promise<string | undefined> {
    return this.#target.version ?? (await this.metadata()).versions?.[0];
  }

  /** Inputs that the model accepts. */
  async inputs(): Promise<readonly SampleTensor[]> {
    return this.#target.inputs ?? (await this.metadata()).inputs.map(sampleTensor);
  }

  post(body: InferRequest | string, version?: string): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.ask(this.modelPath('/infer', version), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
  }

  async infer(body: InferRequest, version?: string): Promise<InferResponse> {
    return read(await this.post(body, version), inferResponse);
  }
}

/** The document in a 200 answer. */
export function read<T>(answer: Answer, decoder: Decoder<T>): T {
  demand(answer.status === 200, `expected HTTP 200, got ${describe(answer)}`);
  return parseWith(decoder, json(answer), 'the answer');
}

/** Demands a refusal in the protocol's form: an HTTP error of the caller's side with a reason. */
export function demandRefusal(answer: Answer, statuses?: readonly number[]): void {
  const wanted = statuses?.join(' or ') ?? '4xx';
  const fits = statuses ? statuses.includes(answer.status) : answer.status >= 400 && answer.status < 500;
  demand(fits, `expected HTTP ${wanted} with {"error"}, got ${describe(answer)}`);
  parseWith(failure, json(answer), `the answer of HTTP ${answer.status}`);
}

export function json(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text) as unknown;
  } catch (cause) {
    throw new Breach(`the answer is not JSON: ${describe(answer)}`, { cause });
  }
}

function describe({ status, text }: Answer): string {
  const shown = text.length > 160 ? `${text.slice(0, 160)}...` : text;
  return shown === '' ? `HTTP ${status} without a body` : `HTTP ${status}: ${shown}`;
}
