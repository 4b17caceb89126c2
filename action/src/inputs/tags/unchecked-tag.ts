import type { RunContext } from '../../github/context';
import { asTag } from '../version';

/** By which a builder pushes an image that is yet to be checked: no promotion looks for it, and nobody deploys it. */
export const uncheckedTag = ({ commit }: Pick<RunContext, 'commit'>, version: string): string =>
  `modelpier-unchecked-${commit?.slice(0, 7) ?? asTag(version).slice(0, 100)}`;
