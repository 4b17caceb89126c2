import { ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';

/** An absolute path inside the image, checked, without the slash at either end. */
export function parseTargetPath(value: string): string {
  const names = value.replace(/\/+$/, '').split('/');
  const isClean = names.length > 1 && names[0] === '' && names.slice(1).every(isName);
  if (isClean) return names.slice(1).join('/');
  throw new ModelpierError(
    'invalid-input',
    `target-path ${JSON.stringify(value)} is not a path in an image`,
    {
      hint: 'write an absolute path without "." and "..", such as /models/mnist-mlp',
    },
  );
}

const isName = (name: string): boolean =>
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !name.startsWith('.wh.') &&
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  !/[\u0000-\u001f\u007f]/.test(name);
