import { Button, Tooltip, TooltipTrigger, VisuallyHidden } from '@backstage/ui';
import { type ReactNode, useId } from 'react';
import classes from './GatedButton.module.css';

export interface GatedButtonProps {
  /** Names the button where its text alone does not tell what it is about. */
  readonly label?: string;
  /** Why it cannot be pressed now. */
  readonly refusal: string | undefined;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

/** A button that, while it cannot be pressed, still takes the focus and says why. */
export function GatedButton({ label, refusal, onPress, children }: GatedButtonProps) {
  const id = useId();
  const isRefused = refusal !== undefined;
  // One element whether it can be pressed or not, so that it keeps the focus when that changes.
  return (
    <TooltipTrigger delay={200} isDisabled={!isRefused}>
      <Button
        size="small"
        variant="secondary"
        aria-label={label}
        {...(isRefused
          ? { className: classes['refused'], 'aria-disabled': true, 'aria-describedby': id }
          : { onPress })}
      >
        {children}
      </Button>
      <Tooltip className={classes['reason']}>{refusal}</Tooltip>
      {isRefused ? <VisuallyHidden id={id}>{refusal}</VisuallyHidden> : null}
    </TooltipTrigger>
  );
}
