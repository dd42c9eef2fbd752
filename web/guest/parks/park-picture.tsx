import { useSignal } from '@preact/signals';
import { ParkArt } from './park-art.tsx';

type Props = {
  readonly parkId: string;
  /** Its address; nothing where the park has no photo. */
  readonly src: string | undefined;
  /** The first picture on a page is fetched at once. */
  readonly isFirst?: boolean;
};

/** A photo of a park in a frame that is there before it. A drawing stands in for one that does not come. */
export function ParkPicture({ parkId, src, isFirst = false }: Props) {
  const isMissing = useSignal(false);
  if (src === undefined || isMissing.value) return <ParkArt parkId={parkId} />;
  return (
    <img
      class="park-picture"
      src={src}
      alt=""
      width="800"
      height="450"
      loading={isFirst ? 'eager' : 'lazy'}
      decoding="async"
      onError={() => (isMissing.value = true)}
    />
  );
}
