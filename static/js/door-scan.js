/* Reads QR codes from the camera: with BarcodeDetector where the browser has it, else with jsQR. */
window.door = window.door || {};
(() => {
  "use strict";

  const BETWEEN = 150;
  const SAME_CODE = 3000;
  const LONGEST_SIDE = 720;

  function load(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  async function detectorOf(decoder) {
    if ("BarcodeDetector" in window) {
      const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
      if (formats.includes("qr_code")) {
        const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
        return async (video) => (await detector.detect(video))[0]?.rawValue || "";
      }
    }
    if (!window.jsQR) await load(decoder);
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async (video) => {
      const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(picture.data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" })?.data || "";
    };
  }

  class Scanner {
    /* Shows the camera in the video element and calls found(text) for each code; the same code only once while it stays in the picture. */
    constructor(video, decoder, found) {
      Object.assign(this, { video, decoder, found, stream: null, last: "", lastAt: 0 });
    }

    get isOn() {
      return this.stream !== null;
    }

    /* Rejects if the camera cannot be used. */
    async start() {
      const camera = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video: camera, audio: false });
      this.stream = stream;
      try {
        this.video.srcObject = stream;
        await this.video.play();
        const detect = await detectorOf(this.decoder);
        this.look(detect, stream);
      } catch (error) {
        this.stop();
        throw error;
      }
    }

    async look(detect, stream) {
      while (this.stream === stream) {
        const text = this.video.videoWidth ? await detect(this.video).catch(() => "") : "";
        const now = Date.now();
        if (text && (text !== this.last || now - this.lastAt > SAME_CODE)) this.found(text);
        if (text) Object.assign(this, { last: text, lastAt: now });
        await new Promise((resolve) => {
          setTimeout(resolve, BETWEEN);
        });
      }
    }

    stop() {
      for (const track of this.stream?.getTracks() || []) track.stop();
      this.stream = null;
      this.video.srcObject = null;
    }
  }

  window.door.Scanner = Scanner;
})();
