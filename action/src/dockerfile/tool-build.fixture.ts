import { parsePlatform, parseReference } from '@modelpier/backstage-plugin-modelpier-common';
import type { ToolBuild } from './builder';

/** A build that is told all there is to tell. */
export const toolBuild = (change: Partial<ToolBuild> = {}): ToolBuild => ({
  dockerfile: { file: '/w/Dockerfile', contextFolder: '/w/context' },
  platforms: [parsePlatform('linux/amd64')],
  buildArgs: { B: '--b', A: 'a b' },
  secretFiles: { token: '/scratch/secret-0' },
  labels: { l: '1' },
  annotations: { n: '2' },
  epochSeconds: 0,
  pullsPlain: false,
  push: { reference: parseReference('ghcr.io/acme/mlp:1.0.0'), isPlain: false },
  scratchFolder: '/scratch',
  ...change,
});
