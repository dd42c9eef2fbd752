/** Finds the text of a QR code in a picture of the camera. One picture at a time. */
export type Decoder = { decode(video: HTMLVideoElement): Promise<string | null>; close(): void };

type Detector = { detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]> };
type DetectorClass = {
  new (options: { readonly formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
};

/** The browser's own detector, which most Androids have. */
async function ownDetector(): Promise<Decoder | null> {
  const Detectors = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (Detectors === undefined) return null;
  const formats = await Detectors.getSupportedFormats().catch((): readonly string[] => []);
  if (!formats.includes('qr_code')) return null;
  const detector = new Detectors({ formats: ['qr_code'] });
  return { decode: async (video) => (await detector.detect(video))[0]?.rawValue ?? null, close: () => undefined };
}

/** Pictures are read at this width: enough for a code that fills a third of it, and fast on a cheap phone. */
const WIDTH = 640;

function wasmDecoder(): Decoder {
  const worker = new Worker(new URL('./decoder-worker.ts', import.meta.url), { type: 'module' });
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return {
    decode(video) {
      if (context === null || video.videoWidth === 0) return Promise.resolve(null);
      canvas.width = WIDTH;
      canvas.height = Math.round((WIDTH * video.videoHeight) / video.videoWidth);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      return new Promise((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data);
        worker.onerror = () => resolve(null);
        worker.postMessage(picture, [picture.data.buffer]);
      });
    },
    close: () => worker.terminate(),
  };
}

export const createDecoder = async (): Promise<Decoder> => (await ownDetector()) ?? wasmDecoder();
