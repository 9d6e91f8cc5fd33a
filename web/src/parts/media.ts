import { useSyncExternalStore } from 'react';

/** Whether a media query holds, followed while it changes. */
export const useMedia = (query: string): boolean =>
  useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );

export const useNarrow = (): boolean => useMedia('(width < 768px)');
