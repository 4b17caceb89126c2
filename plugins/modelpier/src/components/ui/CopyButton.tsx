import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useEffect, useState } from 'react';
import { useTranslation } from '../use-translation';
import classes from './CopyButton.module.css';

const CONFIRMATION_MS = 2_000;

export interface CopyButtonProps {
  readonly label: string;
  /** Long texts are made only when they are asked for. */
  readonly text: string | (() => string);
}

/** Copies the text and says so, also to screen readers. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
    setCopied(true);
  };
  const Icon = copied ? RiCheckLine : RiFileCopyLine;
  return (
    <>
      <button type="button" className={classes['button']} aria-label={label} onClick={() => void copy()}>
        <Icon size={14} aria-hidden />
      </button>
      <span role="status" className={classes['status']}>
        {copied ? t('copy.done') : ''}
      </span>
    </>
  );
}
