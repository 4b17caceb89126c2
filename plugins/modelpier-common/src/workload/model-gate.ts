import type { Fault } from '../error';
import { list, object, optional, text } from '../parse/decoder';
import type { Status } from './status';
import { verdict } from './verdict';

/** What a server answered to one question; `json` is `undefined` where that is not JSON. */
export interface ServerAnswer {
  readonly status: number;
  readonly json: unknown;
}

/** The questions of the Open Inference Protocol that a release asks, in this order. */
export const modelQuestions = (model: string): ModelPaths => {
  const about = `/v2/models/${encodeURIComponent(model)}`;
  return { serverReady: '/v2/health/ready', modelReady: `${about}/ready`, metadata: about };
};
export interface ModelPaths {
  readonly serverReady: string;
  readonly modelReady: string;
  readonly metadata: string;
}
export type ServerAnswers = Readonly<Record<keyof ModelPaths, ServerAnswer>>;

export interface ExpectedModel {
  readonly model: string;
  /** Nothing where the image was made by another run, under a name that is not known here. */
  readonly version?: string | undefined;
}

/** What is said where nothing was asked: the release goes on without this proof. */
export const MODEL_NOT_ASKED = 'ModelNotAsked';

const metadata = object({ versions: optional(list(text)) });
/** A server without this path speaks another protocol, or does not know the model by this name. */
export const isUnknownPath = ({ status }: Pick<ServerAnswer, 'status'>): boolean =>
  [404, 405, 501].includes(status);
/** Triton and others count the versions of their own store; that says nothing of a release. */
const COUNTED = /^\d+$/;

/**
 * How a server's answers speak for a release: Current, InProgress while another try may come right, or Failed. What
 * does not speak the protocol, or does not know the model by this name, is not held against the release.
 */
export function modelHealth(answers: ServerAnswers, { model, version }: ExpectedModel): Status {
  const { serverReady, modelReady, metadata: about } = answers;
  if (isUnknownPath(serverReady)) {
    return notAsked('it does not speak the Open Inference Protocol');
  }
  if (!isOk(serverReady)) {
    return verdict('InProgress', 'ServerNotReady', `the server says ${serverReady.status}`);
  }
  if (isUnknownPath(modelReady)) return notAsked(`it knows no model ${model}`);
  if (!isOk(modelReady) || saysNo(modelReady.json)) {
    return verdict(
      'InProgress',
      'ModelNotReady',
      `model ${model} is not ready: it says ${modelReady.status}`,
    );
  }
  return versionHealth(about, { model, version });
}

const isOk = ({ status }: ServerAnswer): boolean => status >= 200 && status < 300;
const saysNo = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'ready' in json && json.ready === false;

const notAsked = (why: string): Status =>
  verdict('Current', MODEL_NOT_ASKED, `the model was not asked for its version: ${why}`);

/** The digest already says which bytes run; this says which of them are served. */
function versionHealth(about: ServerAnswer, { model, version }: ExpectedModel): Status {
  const said = versionsOf(about).filter(each => !COUNTED.test(each) || each === version);
  if (version !== undefined && said.length > 0 && !said.includes(version)) {
    const message = `model ${model} says version ${said.join(', ')}, not ${version}`;
    return verdict('Failed', 'WrongModelVersion', message);
  }
  const named = said.length === 0 ? '' : ` ${said.join(', ')}`;
  return verdict('Current', 'ModelReady', `model ${model}${named} is ready`);
}

/** Of metadata that is no such document, none. */
function versionsOf(about: ServerAnswer): readonly string[] {
  const faults: Fault[] = [];
  const decoded = metadata(about.json, '', faults);
  return isOk(about) && faults.length === 0 ? (decoded.versions ?? []) : [];
}
