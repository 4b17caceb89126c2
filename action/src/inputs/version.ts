import type { RunContext } from '../github/context';

/** What a tag may be made of; everything else becomes a dash. */
export const asTag = (text: string): string =>
  text
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128);

/** The version of a release: as given, else the release tag, else the model file's, else branch and commit. */
export function chooseVersion(
  context: RunContext,
  { given, ofModel }: { given: string | undefined; ofModel: string | undefined },
): string {
  if (given !== undefined) return given;
  if (context.refType === 'tag' && context.refName !== undefined)
    return asTag(context.refName.replace(/^v(?=\d)/, ''));
  if (ofModel !== undefined) return asTag(ofModel);
  const branch = context.refName === undefined ? 'local' : asTag(context.refName).slice(0, 100);
  return context.commit === undefined ? branch : `${branch}-${context.commit.slice(0, 7)}`;
}
