import { type Ledger, parseReference } from '@modelpier/backstage-plugin-modelpier-common';

/** The image that the newest release left running; `undefined` while one is under way, or nobody can tell. */
export function releasedImage({ releases }: Ledger): string | undefined {
  const [newest] = releases;
  switch (newest?.verdict) {
    case 'healthy':
    case 'unchanged':
    case 'applied':
      return newest.image;
    case 'rolled-back':
      return releases.find(({ id }) => id === newest.rolledBackTo?.id)?.image;
    default:
      return undefined;
  }
}

/** Whether a workload asks for another image of the released repository than was released: somebody changed it by hand. */
export function isUnreleased(image: string, released: string | undefined): boolean {
  const [asked, wanted] = [readReference(image), readReference(released)];
  if (asked === undefined || wanted?.digest === undefined) return false;
  if (asked.registry !== wanted.registry || asked.path !== wanted.path) return false;
  // A tag may stand for the very digest: the pods tell.
  return asked.digest !== undefined && asked.digest !== wanted.digest;
}

function readReference(image: string | undefined) {
  try {
    return image === undefined ? undefined : parseReference(image);
  } catch {
    return undefined;
  }
}
