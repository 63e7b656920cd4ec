import type { ReactNode } from 'react';

export interface PageProps {
  readonly title: string;
  /** What this screen is for, in a sentence. */
  readonly about?: string | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The content fills the height and scrolls inside itself. */
  readonly fill?: boolean;
}

export function Page({ title, about, actions, children, fill = false }: PageProps) {
  return (
    <div className={fill ? 'page page-fill' : 'page'}>
      <header className="page-head">
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          {about === undefined ? null : <p className="about">{about}</p>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export interface PanelProps {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, aside, children }: PanelProps) {
  return (
    <section className="panel" aria-label={title}>
      {title === undefined ? null : (
        <header className="panel-head">
          <h2>{title}</h2>
          {aside}
        </header>
      )}
      <div className="panel-body">{children}</div>
    </section>
  );
}

export interface EmptyProps {
  readonly title: string;
  /** What to do next. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <div className="empty-text">{children}</div>}
      {actions === undefined ? null : <div className="empty-actions">{actions}</div>}
    </div>
  );
}

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** Names and values, aligned. Null entries are left out. */
export function Facts({ facts }: { readonly facts: readonly (Fact | null)[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) =>
        fact === null ? null : (
          <div key={fact.name}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
