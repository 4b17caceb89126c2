import { hasCode } from '@modelpier/backstage-plugin-modelpier-common';
import type {
  KubernetesObject,
  LogReader,
  ObjectReader,
  Selection,
} from '@modelpier/backstage-plugin-modelpier-node';

export type EvidenceCluster = ObjectReader & LogReader;

/** The cluster as evidence is read from it: what it does not answer is told, once, and is never an error of the run. */
export class Source {
  readonly #gaps = new Set<string>();

  constructor(
    readonly cluster: EvidenceCluster,
    readonly signal: AbortSignal,
  ) {}

  /** What could not be read, and why. */
  get gaps(): readonly string[] {
    return [...this.#gaps].sort();
  }

  async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#gaps.add(`${what} could not be read: ${this.#why(error)}`);
      return undefined;
    }
  }

  async list(selection: Selection): Promise<readonly KubernetesObject[]> {
    const objects: KubernetesObject[] = [];
    for await (const object of this.cluster.listObjects(selection, { signal: this.signal }))
      objects.push(object);
    return objects;
  }

  #why(error: unknown): string {
    if (this.signal.aborted) return 'it took too long';
    if (hasCode(error, 'forbidden')) return 'the identity has no right to (see docs/permissions.md)';
    return error instanceof Error ? error.message : String(error);
  }
}
