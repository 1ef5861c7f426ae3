// A push service on loopback in a process of its own, forked: it is told the key and the certificate of localhost, tells
// its port, and takes what looks like a push.
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "../bridge/webpush/certificate";

/** In milliseconds: longer than clients keep connections that they do not use, so that none is closed under a request. */
const KEPT = 120_000;

process.once("message", (certificate: Certificate) => {
	const service = createServer({ ...certificate, keepAliveTimeout: KEPT }, (request, response) => {
		let bytes = 0;
		request.on("data", ({ length }: Buffer) => {
			bytes += length;
		});
		request.on("end", () => {
			const { "content-encoding": coding, authorization = "" } = request.headers;
			const isPush = request.method === "POST" && coding === "aes128gcm" && authorization.startsWith("vapid t=");
			response.writeHead(isPush && bytes > 0 ? 201 : 400, isPush ? { Location: "/message/1" } : {}).end();
		});
	});
	service.listen(() => process.send!((service.address() as AddressInfo).port));
});
