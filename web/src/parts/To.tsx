import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback } from 'react';

interface Props {
  href: string;
  children: ReactNode;
  className?: string;
  /** Out of the tab order, where the keyboard gets there by a list. */
  skip?: boolean;
  /** What else is to be done when it is followed. */
  onGo?: () => void;
}

/** A link within the console. Addresses are plain text, so that lists, facts and search hits can name them. */
export const To = ({ href, children, className = 'link', skip = false, onGo }: Props) => {
  const [path = '/', query = ''] = href.split('?');
  return (
    <Link
      to={path}
      search={Object.fromEntries(new URLSearchParams(query))}
      className={className}
      {...(skip ? { tabIndex: -1 } : {})}
      {...(onGo ? { onClick: onGo } : {})}
    >
      {children}
    </Link>
  );
};

/** Goes to an address within the console. */
export function useGo(): (href: string) => void {
  const navigate = useNavigate();
  return useCallback(
    (href: string) => {
      const [path = '/', query = ''] = href.split('?');
      void navigate({ to: path, search: Object.fromEntries(new URLSearchParams(query)) });
    },
    [navigate],
  );
}

/** Where something has its page; null for what has none. */
export function pageOf(kind: string, id: string, order: string | null = null): string | null {
  switch (kind) {
    case 'order':
      return `/orders/${id}`;
    case 'purchase':
      return `/purchases/${id}`;
    case 'supplier':
      return `/suppliers/${id}`;
    case 'channel':
      return `/connections/${id}`;
    case 'arrival':
      return `/connections?tab=log&arrival=${id}`;
    case 'exception':
      return `/inbox?open=${id}`;
    default:
      return order === null ? null : `/orders/${order}`;
  }
}
