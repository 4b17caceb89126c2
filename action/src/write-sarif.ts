import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Report } from '@modelpier/backstage-plugin-modelpier-common';
import type { RunContext } from './github/context';
import type { Inputs } from './inputs/inputs';
import { renderSarif } from './report/sarif';
import { RULES } from './scan/rules';

/** Writes the findings of a scan for a later step to upload, and answers where; nothing where there was none. */
export async function writeSarif(
  { scan }: Report,
  { safety, model }: Inputs,
  { workspace, temporaryFolder }: RunContext,
): Promise<string> {
  if (scan === undefined) return '';
  const { sarifFile = join(temporaryFolder, 'modelpier-scan.sarif') } = safety;
  const path = resolve(workspace, sarifFile);
  await mkdir(dirname(path), { recursive: true });
  const folder = relative(workspace, dirname(resolve(workspace, model.file)));
  await writeFile(path, `${JSON.stringify(renderSarif(scan, { folder, rules: RULES }), null, 2)}\n`);
  return path;
}
