import { useRef } from 'preact/hooks';

/**
 * Closes a dialog once. Its reader may have closed it while an answer was on its way: then the answer closes nothing, and what is
 * open by then stays open.
 */
export function useClosing(onClose: () => unknown): () => void {
  const isOver = useRef(false);
  return () => {
    if (isOver.current) return;
    isOver.current = true;
    void onClose();
  };
}
