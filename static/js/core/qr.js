// Reading QR codes: from the camera or a picture, with the browser's own detector where it has one,
// else with a decoder in a worker. What is found goes into the form of components/_scanner.html and is
// sent: the server says what the code is before anything happens.

import { announce, find, findAll } from "./dom.js";
import { gettext } from "./i18n.js";

const PAUSE = 150;
const SIDE_MAX = 1024;

async function detector(decoderUrl) {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
  if (formats.includes("qr_code")) {
    const own = new BarcodeDetector({ formats: ["qr_code"] });
    return async (canvas) => (await own.detect(canvas))[0]?.rawValue ?? null;
  }
  return inWorker(new Worker(decoderUrl));
}

function inWorker(worker) {
  let last = 0;
  worker.postMessage({ type: "inversionMode", data: "both" });
  return (canvas) =>
    new Promise((resolve) => {
      const id = ++last;
      const heard = ({ data }) => {
        if (data.type !== "qrResult" || data.id !== id) return;
        worker.removeEventListener("message", heard);
        resolve(data.data);
      };
      worker.addEventListener("message", heard);
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d").getImageData(0, 0, width, height);
      worker.postMessage({ id, type: "decode", data: pixels }, [pixels.data.buffer]);
    });
}

// Big pictures only make decoding slower.
function draw(canvas, source, width, height) {
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

class Scanner {
  constructor(root) {
    this.root = root;
    this.video = find("video", root);
    this.canvas = document.createElement("canvas");
    this.read = detector(root.dataset.decoder);
    find("[data-qr-start]", root)?.addEventListener("click", () => this.start());
    find("[data-qr-file]", root)?.addEventListener("change", (event) => this.picture(event.target));
    find("[data-qr-torch]", root)?.addEventListener("click", (event) =>
      this.torch(event.currentTarget),
    );
    addEventListener("pagehide", () => this.stop());
  }

  async start() {
    this.say("");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment" },
        audio: false,
      });
    } catch (error) {
      this.say(
        error.name === "NotAllowedError"
          ? gettext(
              "The camera is blocked for this site. Allow it in the browser, or choose a picture.",
            )
          : gettext("No camera was found. Choose a picture instead."),
      );
      return;
    }
    this.video.srcObject = this.stream;
    this.root.dataset.scanning = "";
    await this.video.play();
    const [track] = this.stream.getVideoTracks();
    const light = find("[data-qr-torch]", this.root);
    if (light) light.hidden = !track.getCapabilities?.().torch;
    this.look();
  }

  async look() {
    const read = await this.read;
    while (this.stream) {
      const { videoWidth: width, videoHeight: height } = this.video;
      const text = width ? await read(draw(this.canvas, this.video, width, height)) : null;
      if (text) return this.found(text);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  async picture(input) {
    const [file] = input.files;
    if (!file) return;
    this.say("");
    const image = await createImageBitmap(file).catch(() => null);
    const read = await this.read;
    const text = image && (await read(draw(this.canvas, image, image.width, image.height)));
    if (text) this.found(text);
    else this.say(gettext("There is no QR code in this picture."));
  }

  async torch(button) {
    const [track] = this.stream.getVideoTracks();
    const isOn = button.getAttribute("aria-pressed") === "true";
    await track.applyConstraints({ advanced: [{ torch: !isOn }] });
    button.setAttribute("aria-pressed", String(!isOn));
  }

  found(text) {
    this.stop();
    navigator.vibrate?.(60);
    announce(gettext("Code read"));
    const form = find("form[data-qr-form]", this.root);
    find("[name=code]", form).value = text;
    form.requestSubmit();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    delete this.root.dataset.scanning;
  }

  say(text) {
    const place = find("[data-problems]", this.root);
    place.textContent = text;
    place.hidden = !text;
  }
}

for (const root of findAll("[data-qr-scan]")) new Scanner(root);
