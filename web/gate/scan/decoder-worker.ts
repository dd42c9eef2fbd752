/// <reference lib="webworker" />
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

declare const self: DedicatedWorkerGlobalScope;

// The library would fetch its decoder from another origin.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

/** Answers each picture with the text of the QR code in it, or null. */
self.addEventListener('message', ({ data }: MessageEvent<ImageData>) => {
  void readBarcodes(data, { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true }).then(
    ([found]) => self.postMessage(found?.isValid === true ? found.text : null),
    () => self.postMessage(null),
  );
});
