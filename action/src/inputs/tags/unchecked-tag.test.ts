import { isTag } from '@modelpier/backstage-plugin-modelpier-common';
import { readContext } from '../../github/context';
import { commitTags } from './commit-tags';
import { uncheckedTag } from './unchecked-tag';

const COMMIT = '90dd6032fac8bda1b6c4436a2e65de27961ed071';
const context = {
  ...readContext({ GITHUB_SHA: COMMIT }, { cwd: '/', tmp: '/tmp' }),
  defaultBranch: 'main',
};

it('is none of the tags by which a promotion finds the image of the commit', () => {
  expect(commitTags([], context)).toEqual(['sha-90dd603', `sha-${COMMIT}`, 'main-90dd603']);
  expect(uncheckedTag(context, 'main-90dd603')).toBe('modelpier-unchecked-90dd603');
});

it('is a tag by whatever version, where the commit is not known', () => {
  const tag = uncheckedTag({ commit: undefined }, 'v'.repeat(128));
  expect(tag).toMatch(/^modelpier-unchecked-v+$/);
  expect(isTag(tag)).toBe(true);
});
