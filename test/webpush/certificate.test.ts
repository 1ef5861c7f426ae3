import { certificateFor } from "../../bridge/webpush/certificate";
import { createServer } from "node:https";
import { describe, expect, it } from "vitest";
import { once } from "node:events";
import { request } from "node:https";
import { X509Certificate } from "node:crypto";
import type { AddressInfo } from "node:net";

describe("a certificate", () => {
	it("is for the host, signed by itself, and good now", () => {
		const { cert } = certificateFor("localhost");
		const certificate = new X509Certificate(cert);
		expect(certificate.checkHost("localhost")).toBe("localhost");
		expect(certificate.checkHost("example.org")).toBeUndefined();
		expect(certificate.verify(certificate.publicKey)).toBe(true);
		expect(certificate.ca).toBe(true);
		expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
		expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
	});

	it("is the same for a host as long as this process lives", () => {
		expect(certificateFor("localhost")).toBe(certificateFor("localhost"));
		expect(certificateFor("example.org").cert).not.toBe(certificateFor("localhost").cert);
	});

	it("is taken by who trusts it, and by nobody else", async () => {
		const certificate = certificateFor("localhost");
		const server = createServer(certificate, (_, response) => response.end()).listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		const get = async (ca?: string): Promise<number | undefined> => {
			const sent = request({ host: "127.0.0.1", servername: "localhost", port, ca, agent: false }).end();
			const [response] = await once(sent, "response") as [{ statusCode?: number; resume(): void }];
			response.resume();
			return response.statusCode;
		};
		try {
			expect(await get(certificate.cert)).toBe(200);
			await expect(get()).rejects.toThrow(/self-signed certificate/);
		} finally {
			server.close();
		}
	});
});
