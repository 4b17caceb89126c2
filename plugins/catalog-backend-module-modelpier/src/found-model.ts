import { type Repository, formatRepository } from '@modelpier/backstage-plugin-modelpier-common';

/** A model that some cluster serves or some registry keeps. */
export interface FoundModel {
  readonly name: string;
  /** Of its images, where one can be told. */
  readonly repository: string | undefined;
}

/** Where models are looked for. */
export interface ModelSource {
  readonly kind: 'cluster' | 'registry';
  readonly name: string;
}

/** What one look at a source has found. */
export interface Findings {
  readonly models: readonly FoundModel[];
  /** Of what could not be read, where anything could not: a model that is missing may be there. */
  readonly trouble: string | undefined;
}

/** The catalog's own rule for names; a label may say something else. */
const ENTITY_NAME = /^(?:[A-Za-z0-9]+[-_.])*[A-Za-z0-9]+$/;
const MOST_CHARACTERS = 63;

/** `undefined` where no component can have that name. */
export function foundModel(name: string, repository: Repository | undefined): FoundModel | undefined {
  if (name.length > MOST_CHARACTERS || !ENTITY_NAME.test(name)) return undefined;
  return { name, repository: repository && formatRepository(repository) };
}
