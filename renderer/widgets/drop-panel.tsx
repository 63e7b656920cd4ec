import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

export interface DropPanelProps {
  readonly title: string;
  /** Something of it holds now. */
  readonly marked?: boolean;
  /** Asked for only while it is open; `close` puts it away. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button with a panel below it; Escape, or a click or the focus elsewhere, puts it away. */
export function DropPanel({ title, marked = false, children }: DropPanelProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && whole.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div
      className="drop"
      ref={whole}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.stopPropagation();
          close();
        }
      }}
      onBlur={(event) => {
        if (event.relatedTarget instanceof Node && whole.current?.contains(event.relatedTarget) === false)
          setOpen(false);
      }}
    >
      <button
        type="button"
        ref={button}
        className={marked ? 'drop-button marked' : 'drop-button'}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {title} <span aria-hidden="true">▾</span>
      </button>
      {open ? (
        <div id={id} className="drop-panel" role="group" aria-label={title}>
          {children(close)}
        </div>
      ) : null}
    </div>
  );
}
