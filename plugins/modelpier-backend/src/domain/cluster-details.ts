import {
  type Decoded,
  list,
  literal,
  object,
  optional,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { USAGE_ORIGINS } from './cluster-snapshot';

/** What a cluster let us read, kept with its source. */
export const clusterDetails = object({
  nodes: literal('read', 'forbidden'),
  ledgers: optional(literal('read', 'forbidden')),
  usage: literal(...USAGE_ORIGINS),
  namespaces: list(text),
});
export type ClusterDetails = Decoded<typeof clusterDetails>;
