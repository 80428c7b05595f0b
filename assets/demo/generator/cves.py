"""Owns the catalogue of vulnerabilities: what each one is, which packages it is in, how the sources rate it.

Descriptions are written for this data set. Ids from CVE-2026-99000 on are invented; the others are real, with the
facts a reader would look up (package, fixed version, scores, whether it is exploited), so that decisions feel natural.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Package:
    """An installed package; `fixed` is None where no fix exists."""

    name: str
    version: str
    fixed: str | None
    manager: str = "OS"
    release: str | None = None
    epoch: int = 0
    path: str | None = None
    update: str | None = None


@dataclass(frozen=True)
class Cve:
    uid: str
    published: str
    desc: str
    severity_id: int
    rating: str
    packages: tuple
    scores: tuple
    epss: str
    exploited: str | None = None
    proof: bool = False
    advisories: tuple = ()
    references: tuple = ()
    caption: str | None = field(default=None)


RCE = "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
DOS = "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
LPE = "AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"


def score(vendor, base, vector, word, version="3.1"):
    return {"base_score": base, "severity": word, "vector_string": f"CVSS:{version}/{vector}", "vendor_name": vendor, "version": version}


def rpm(name, version, release, fixed, epoch=0):
    return Package(name, version, f"{epoch}:{fixed}" if fixed else None, release=release, epoch=epoch, update=f"dnf update {name} --releasever latest" if fixed else None)


def deb(name, version, fixed, epoch=0):
    upstream, _, revision = version.rpartition("-")
    return Package(name, upstream, f"{epoch}:{fixed}" if fixed else None, release=revision, epoch=epoch, update=f"apt-get update && apt-get install --only-upgrade {name}" if fixed else None)


def npm(name, version, fixed, path):
    return Package(name, version, fixed, "NODEPKG", path=f"{path}/node_modules/{name}/package.json", update=f"npm install {name}@{fixed}")


def pip(name, version, fixed, path):
    return Package(name, version, fixed, "PYTHONPKG", path=f"{path}/{name}-{version}.dist-info/METADATA", update=f"pip install {name}>={fixed}")


def jar(name, version, fixed, path):
    return Package(name, version, fixed, "JAR", path=f"{path}/{name.split(':')[1]}-{version}.jar")


def go(name, version, fixed, path):
    return Package(name, version, fixed, "GOBINARY", path=path)


AL_OPENSSL = tuple(rpm(name, "3.2.2", "1.amzn2023.0.5", "3.2.2-1.amzn2023.0.6", 1) for name in ("openssl", "openssl-libs", "openssl-devel"))
AL_KERNEL = tuple(rpm(name, "6.1.158", "178.288.amzn2023", None) for name in ("kernel", "kernel-tools"))

CATALOGUE = [
    Cve("CVE-2026-99107", "2026-11-15", "A length check is missing while OpenSSL reads a crafted PKCS#12 attribute, so that up to 64 KB behind the buffer can be returned to the peer. Servers that accept client bundles are reachable without a login; ordinary TLS termination is not.", 4, "Important", AL_OPENSSL, (score("AMAZON_CVE", 7.1, "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:L", "HIGH"), score("NVD", 9.8, RCE, "CRITICAL")), "0.06120", advisories=("ALAS2023-2026-1931",), references=("https://openssl-library.org/news/vulnerabilities/",)),
    Cve("CVE-2026-99318", "2026-10-29", "A reference is dropped twice when a linked io_uring request is cancelled while its ring is torn down. A local user can turn the use after free into code running as the kernel. A corrected kernel is announced but not published.", 4, "Important", AL_KERNEL, (score("AMAZON_CVE", 7.0, "AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H", "HIGH"), score("NVD", 7.8, LPE, "HIGH")), "0.00087", proof=True, references=("https://lore.kernel.org/linux-cve-announce/",)),
    Cve("CVE-2024-6387", "2024-07-01", "A signal handler race in sshd (a regression of an old flaw, known as regreSSHion) lets an unauthenticated peer run code as root on glibc systems after many attempts.", 4, "High", (deb("openssh-server", "8.9p1-3ubuntu0.7", "8.9p1-3ubuntu0.10", 1), deb("openssh-client", "8.9p1-3ubuntu0.7", "8.9p1-3ubuntu0.10", 1), deb("openssh-sftp-server", "8.9p1-3ubuntu0.7", "8.9p1-3ubuntu0.10", 1)), (score("UBUNTU_CVE", 8.1, "AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", "HIGH"), score("NVD", 8.1, "AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", "HIGH")), "0.44128", proof=True, advisories=("USN-6859-1",), references=("https://ubuntu.com/security/CVE-2024-6387", "https://www.openssh.com/txt/release-9.8")),
    Cve("CVE-2023-44487", "2023-10-10", "Opening and at once resetting many HTTP/2 streams costs a server far more than the client (rapid reset). Used in record-size attacks since August 2023.", 4, "HIGH", (go("golang.org/x/net", "v0.7.0", "0.17.0", "opt/cni/bin/aws-cni"), go("google.golang.org/grpc", "v1.52.0", "1.56.3", "opt/cni/bin/aws-cni")), (score("NVD", 7.5, DOS, "HIGH"),), "0.94422", exploited="2026-11-17", advisories=("GHSA-4374-p667-p6c8", "GHSA-m425-mq94-257g"), references=("https://github.com/advisories/GHSA-4374-p667-p6c8", "https://go.dev/issue/63417", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2023-44487")),
    Cve("CVE-2024-5535", "2024-06-27", "SSL_select_next_proto reads past its buffer when it is called with an empty list of client protocols. Only programs that pass such a list are affected, which is rare.", 2, "Low", (deb("libssl3", "3.0.2-0ubuntu1.15", "3.0.2-0ubuntu1.17"), deb("openssl", "3.0.2-0ubuntu1.15", "3.0.2-0ubuntu1.17")), (score("NVD", 9.1, "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H", "CRITICAL"), score("REDHAT_CVE", 5.9, "AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", "MEDIUM")), "0.04217", advisories=("USN-6937-1",), references=("https://ubuntu.com/security/CVE-2024-5535",)),
    Cve("CVE-2023-4911", "2023-10-03", "glibc's dynamic loader overflows a buffer while it reads GLIBC_TUNABLES. Any local user becomes root through a set-user-ID program (Looney Tunables).", 4, "High", (deb("libc6", "2.35-0ubuntu3.1", "2.35-0ubuntu3.4"), deb("libc-bin", "2.35-0ubuntu3.1", "2.35-0ubuntu3.4")), (score("UBUNTU_CVE", 7.8, LPE, "HIGH"), score("NVD", 7.8, LPE, "HIGH")), "0.66291", exploited="2026-10-30", advisories=("USN-6409-1",), references=("https://ubuntu.com/security/CVE-2023-4911", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2023-4911")),
    Cve("CVE-2025-32463", "2025-06-30", "sudo's --chroot option loads nsswitch.conf from the directory that the caller names, so any local user can run a library of their own as root.", 5, "High", (deb("sudo", "1.9.15p5-3ubuntu5", "1.9.15p5-3ubuntu5.24.04.1"),), (score("MITRE", 9.3, "AV:L/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CRITICAL"), score("NVD", 7.8, LPE, "HIGH"), score("UBUNTU_CVE", 9.3, "AV:L/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CRITICAL")), "0.27613", exploited="2026-11-02", advisories=("USN-7604-1",), references=("https://ubuntu.com/security/CVE-2025-32463", "https://www.sudo.ws/security/advisories/chroot_bug/", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2025-32463")),
    Cve("CVE-2021-3156", "2021-01-26", "sudoedit overflows a heap buffer when an argument ends in a lone backslash. Any local user becomes root, without being in sudoers (Baron Samedit).", 4, "Important", (rpm("sudo", "1.8.23", "4.amzn2.2", "1.8.23-4.amzn2.2.1"),), (score("AMAZON_CVE", 7.8, LPE, "HIGH"), score("NVD", 7.8, LPE, "HIGH")), "0.92306", exploited="2026-09-12", advisories=("ALAS2-2021-1590",), references=("https://www.sudo.ws/security/advisories/unescape_overflow/", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2021-3156")),
    Cve("CVE-2024-1086", "2024-01-31", "A double free in the kernel's nf_tables verdict handling lets a local user become root. Reliable exploits for 5.14 to 6.6 kernels are public.", 4, "Important", (rpm("kernel", "6.1.72", "96.166.amzn2023", "6.1.77-99.164.amzn2023"), rpm("kernel-tools", "6.1.72", "96.166.amzn2023", "6.1.77-99.164.amzn2023")), (score("AMAZON_CVE", 7.8, LPE, "HIGH"), score("NVD", 7.8, LPE, "HIGH")), "0.85214", exploited="2026-11-11", references=("https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2024-1086",)),
    Cve("CVE-2025-55182", "2025-12-03", "React Server Components decode what a client sends to a server function without checking it, so that one HTTP request runs code in the server process. No login is needed, and the default setup of common frameworks is affected.", 5, "CRITICAL", (npm("react-server-dom-webpack", "19.1.0", "19.1.2", "usr/src/app"),), (score("META", 10, "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CRITICAL"), score("NVD", 10, "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CRITICAL")), "0.78305", exploited="2026-11-19", references=("https://react.dev/blog/2025/12/03/critical-security-vulnerability-in-react-server-components", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2025-55182")),
    Cve("CVE-2021-44228", "2021-12-10", "Log4j resolves JNDI lookups inside logged text. Whoever can have a string logged can load and run code (Log4Shell).", 5, "CRITICAL", (jar("org.apache.logging.log4j:log4j-core", "2.14.1", "2.15.0", "opt/app/lib"),), (score("NVD", 10, "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CRITICAL"),), "0.94358", exploited="2026-11-18", advisories=("GHSA-jfh8-c2jp-5v3q",), references=("https://github.com/advisories/GHSA-jfh8-c2jp-5v3q", "https://logging.apache.org/security.html", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2021-44228")),
    Cve("CVE-2022-22965", "2022-04-01", "Spring's data binding reaches the class loader on JDK 9 and later; as a WAR on Tomcat this ends in code running on the server (Spring4Shell).", 5, "CRITICAL", (jar("org.springframework:spring-beans", "5.3.17", "5.3.18", "app/WEB-INF/lib"),), (score("NVD", 9.8, RCE, "CRITICAL"),), "0.94428", exploited="2026-08-21", advisories=("GHSA-36p3-wjmg-h94x",), references=("https://github.com/advisories/GHSA-36p3-wjmg-h94x", "https://spring.io/security/cve-2022-22965")),
    Cve("CVE-2022-42889", "2022-10-13", "Commons Text resolves script, dns and url lookups by default; interpolating text from outside can run code (Text4Shell).", 5, "CRITICAL", (jar("org.apache.commons:commons-text", "1.9", "1.10.0", "opt/app/lib"),), (score("NVD", 9.8, RCE, "CRITICAL"),), "0.94150", proof=True, advisories=("GHSA-599f-7c49-w659",), references=("https://github.com/advisories/GHSA-599f-7c49-w659",)),
    Cve("CVE-2025-24813", "2025-03-10", "Where Tomcat's default servlet may write and sessions are kept in files, a partial PUT stores an object that is later deserialised, which runs code.", 5, "CRITICAL", (jar("org.apache.tomcat.embed:tomcat-embed-core", "10.1.34", "10.1.35", "opt/app/lib"),), (score("NVD", 9.8, RCE, "CRITICAL"),), "0.94190", exploited="2026-10-08", advisories=("GHSA-83qj-6fr2-vhqg",), references=("https://github.com/advisories/GHSA-83qj-6fr2-vhqg", "https://tomcat.apache.org/security-10.html")),
    Cve("CVE-2025-30065", "2025-04-01", "The Avro module of Apache Parquet builds any class that a file's schema names. Reading a Parquet file from an outsider can run code.", 5, "CRITICAL", (jar("org.apache.parquet:parquet-avro", "1.13.1", "1.15.1", "usr/lib/spark/jars"),), (score("APACHE", 10, "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "CRITICAL", "4.0"),), "0.00963", proof=True, references=("https://lists.apache.org/list.html?dev@parquet.apache.org",)),
    Cve("CVE-2024-3094", "2024-03-29", "The release archives of xz 5.6.0 and 5.6.1 carry a backdoor that hooks into sshd through liblzma.", 5, "CRITICAL", (deb("liblzma5", "5.6.1-1", "5.6.1+really5.4.5-1"), deb("xz-utils", "5.6.1-1", "5.6.1+really5.4.5-1")), (score("REDHAT_CVE", 10, "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CRITICAL"), score("NVD", 10, "AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "CRITICAL")), "0.85973", proof=True, references=("https://security-tracker.debian.org/tracker/CVE-2024-3094", "https://www.openwall.com/lists/oss-security/2024/03/29/4")),
    Cve("CVE-2023-45853", "2023-10-14", "MiniZip in zlib up to 1.3 overflows an integer, then a buffer, on a very long file name in an archive. Debian does not build MiniZip from this package.", 5, "CRITICAL", (deb("zlib1g", "1.2.13.dfsg-1", None, 1),), (score("NVD", 9.8, RCE, "CRITICAL"),), "0.00561", references=("https://security-tracker.debian.org/tracker/CVE-2023-45853",)),
    Cve("CVE-2024-24790", "2024-06-05", "Is methods of Go's net/netip answer wrongly for IPv4-mapped IPv6 addresses, so that checks for private or loopback addresses can be passed.", 5, "CRITICAL", (go("go/stdlib", "1.21.8", "1.21.11", "usr/local/bin/server"),), (score("NVD", 9.8, RCE, "CRITICAL"),), "0.00212", advisories=("GO-2024-2887",), references=("https://pkg.go.dev/vuln/GO-2024-2887",)),
    Cve("CVE-2024-45337", "2024-12-11", "Servers that decide on the last key offered to PublicKeyCallback of golang.org/x/crypto/ssh may let a client in with a key that it never proved to own.", 5, "CRITICAL", (go("golang.org/x/crypto", "v0.21.0", "0.31.0", "usr/local/bin/server"),), (score("CISA_ADP", 9.1, "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", "CRITICAL"),), "0.14020", advisories=("GHSA-v778-237x-gjrc",), references=("https://github.com/advisories/GHSA-v778-237x-gjrc", "https://pkg.go.dev/vuln/GO-2024-3321")),
    Cve("CVE-2025-7783", "2025-07-18", "form-data takes its boundary from Math.random, which an observer of other values can predict, and so add fields to a request.", 5, "CRITICAL", (npm("form-data", "4.0.0", "4.0.4", "usr/src/app"),), (score("GITHUB", 9.4, "AV:N/AC:H/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:H/SI:H/SA:N", "CRITICAL", "4.0"),), "0.00184", proof=True, advisories=("GHSA-fjxv-7rqg-78g4",), references=("https://github.com/advisories/GHSA-fjxv-7rqg-78g4",)),
    Cve("CVE-2023-4863", "2023-09-12", "libwebp writes past a Huffman table on a crafted lossless image. Used against browsers; image services that decode uploads are reachable the same way.", 4, "HIGH", (deb("libwebp7", "1.2.4-0.2", "1.2.4-0.2+deb12u1"), pip("Pillow", "9.5.0", "10.0.1", "usr/local/lib/python3.11/site-packages")), (score("NVD", 8.8, "AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", "HIGH"),), "0.93610", exploited="2026-07-30", advisories=("DSA-5497-2",), references=("https://security-tracker.debian.org/tracker/CVE-2023-4863", "https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2023-4863")),
    Cve("CVE-2024-45490", "2024-08-30", "libexpat before 2.6.3 accepts a negative length in XML_ParseBuffer.", 4, "HIGH", (deb("libexpat1", "2.5.0-1", "2.5.0-1+deb12u1"),), (score("CISA_ADP", 9.8, RCE, "CRITICAL"), score("NVD", 7.5, DOS, "HIGH")), "0.02240", advisories=("DSA-5770-1",), references=("https://security-tracker.debian.org/tracker/CVE-2024-45490",)),
    Cve("CVE-2025-6965", "2025-07-15", "In SQLite before 3.50.2 more aggregate terms than columns corrupt memory. An attacker needs to choose the SQL.", 3, "MEDIUM", (deb("libsqlite3-0", "3.40.1-2", "3.40.1-2+deb12u2"),), (score("GOOGLE", 7.2, "AV:N/AC:L/AT:P/PR:L/UI:N/VC:L/VI:H/VA:L/SC:L/SI:H/SA:L", "HIGH", "4.0"), score("NVD", 9.8, RCE, "CRITICAL")), "0.00068", references=("https://security-tracker.debian.org/tracker/CVE-2025-6965",)),
    Cve("CVE-2023-48795", "2023-12-18", "Messages at the start of an SSH connection can be cut out unnoticed, which switches off some extensions (Terrapin).", 3, "MEDIUM", (go("golang.org/x/crypto", "v0.14.0", "0.17.0", "usr/local/bin/server"),), (score("NVD", 5.9, "AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N", "MEDIUM"),), "0.54380", advisories=("GHSA-45x7-px36-x8w8",), references=("https://github.com/advisories/GHSA-45x7-px36-x8w8", "https://terrapin-attack.com/")),
    Cve("CVE-2024-35195", "2024-05-20", "A requests Session that once used verify=False for a host goes on without certificate checks for that host's pooled connections.", 3, "MEDIUM", (pip("requests", "2.31.0", "2.32.0", "var/task"),), (score("GITHUB", 5.6, "AV:L/AC:H/PR:H/UI:R/S:U/C:H/I:H/A:N", "MEDIUM"),), "0.00041", advisories=("GHSA-9wx4-h78v-vm56",), references=("https://github.com/advisories/GHSA-9wx4-h78v-vm56",)),
    Cve("CVE-2024-37891", "2024-06-17", "urllib3 keeps a Proxy-Authorization header across redirects to another host when no proxy is configured through it.", 3, "MEDIUM", (pip("urllib3", "1.26.18", "1.26.19", "var/task"),), (score("GITHUB", 4.4, "AV:N/AC:H/PR:H/UI:N/S:U/C:H/I:N/A:N", "MEDIUM"),), "0.00120", advisories=("GHSA-34jh-p97f-mpxf",), references=("https://github.com/advisories/GHSA-34jh-p97f-mpxf",)),
    Cve("CVE-2024-6345", "2024-07-15", "The package_index module of setuptools runs commands from crafted package URLs.", 4, "HIGH", (pip("setuptools", "68.2.2", "70.0.0", "var/lang/lib/python3.11/site-packages"),), (score("HUNTR", 8.8, "AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", "HIGH"),), "0.02890", advisories=("GHSA-cx63-2mw6-8hw5",), references=("https://github.com/advisories/GHSA-cx63-2mw6-8hw5",)),
    Cve("CVE-2024-56326", "2024-12-23", "Jinja's sandbox misses indirect calls of str.format. Only applications that render templates written by others are affected.", 4, "HIGH", (pip("Jinja2", "3.1.4", "3.1.5", "var/task"),), (score("GITHUB", 5.4, "AV:L/AC:L/AT:P/PR:L/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "MEDIUM", "4.0"), score("NVD", 7.8, "AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", "HIGH")), "0.00087", advisories=("GHSA-q2x7-8rv6-6q7h",), references=("https://github.com/advisories/GHSA-q2x7-8rv6-6q7h",)),
    Cve("CVE-2024-21538", "2024-11-08", "A regular expression in cross-spawn takes very long on crafted arguments.", 4, "HIGH", (npm("cross-spawn", "7.0.3", "7.0.5", "usr/local/lib/node_modules/npm"),), (score("SNYK", 7.5, DOS, "HIGH"),), "0.00210", advisories=("GHSA-3xgq-45jj-v275",), references=("https://github.com/advisories/GHSA-3xgq-45jj-v275",)),
    Cve("CVE-2024-45590", "2024-09-10", "body-parser with URL encoding on can be kept busy by a crafted body.", 4, "HIGH", (npm("body-parser", "1.20.2", "1.20.3", "usr/src/app"),), (score("GITHUB", 7.5, DOS, "HIGH"),), "0.00470", advisories=("GHSA-qwcr-r2fm-qrc7",), references=("https://github.com/advisories/GHSA-qwcr-r2fm-qrc7",)),
    Cve("CVE-2024-37890", "2024-06-17", "A request with more headers than the server allows crashes ws while it upgrades the connection.", 4, "HIGH", (npm("ws", "8.16.0", "8.17.1", "usr/src/app"),), (score("GITHUB", 7.5, DOS, "HIGH"),), "0.00420", advisories=("GHSA-3h5v-q93c-6h6q",), references=("https://github.com/advisories/GHSA-3h5v-q93c-6h6q",)),
    Cve("CVE-2021-23337", "2021-02-15", "lodash's template function runs code that reaches its variable option.", 4, "HIGH", (npm("lodash", "4.17.20", "4.17.21", "usr/src/app"),), (score("SNYK", 7.2, "AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", "HIGH"),), "0.00940", proof=True, advisories=("GHSA-35jh-r3h4-6jhm",), references=("https://github.com/advisories/GHSA-35jh-r3h4-6jhm",)),
    Cve("CVE-2024-21626", "2024-01-31", "runc leaks a descriptor of the host's file system into the container; with a crafted image or exec a process gets out (Leaky Vessels).", 4, "HIGH", (go("github.com/opencontainers/runc", "v1.1.9", "1.1.12", "usr/sbin/runc"),), (score("GITHUB", 8.6, "AV:L/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H", "HIGH"),), "0.06580", proof=True, advisories=("GHSA-xr7r-f8xq-vfvv",), references=("https://github.com/advisories/GHSA-xr7r-f8xq-vfvv",)),
    Cve("CVE-2022-3715", "2023-01-05", "bash overruns a heap buffer by one byte in a parameter transformation of a crafted script.", 2, "Low", (deb("bash", "5.1-6ubuntu1", "5.1-6ubuntu1.1"),), (score("NVD", 7.8, "AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", "HIGH"),), "0.00058", advisories=("USN-6697-1",), references=("https://ubuntu.com/security/CVE-2022-3715",)),
    Cve("CVE-2016-2781", "2017-02-07", "chroot of coreutils with --userspec leaves the terminal shared, so that a program inside can push keystrokes to the outer session. Left unfixed by the distributions.", 2, "Low", (deb("coreutils", "8.32-4.1ubuntu1.2", None),), (score("NVD", 6.5, "AV:L/AC:L/PR:L/UI:N/S:C/C:N/I:H/A:N", "MEDIUM"), score("UBUNTU_CVE", 6.5, "AV:L/AC:L/PR:L/UI:N/S:C/C:N/I:H/A:N", "MEDIUM")), "0.00046", references=("https://ubuntu.com/security/CVE-2016-2781",)),
    Cve("CVE-2026-99402", "2026-11-09", "The PostgreSQL JDBC driver sends a cancelled statement's parameters again on a reused connection when preferQueryMode is simple, so one tenant's values can reach another's session.", 3, "MEDIUM", (jar("org.postgresql:postgresql", "42.7.3", "42.7.9", "opt/app/lib"),), (score("GITHUB", 6.3, "AV:N/AC:H/PR:L/UI:N/S:C/C:H/I:N/A:N", "MEDIUM"),), "0.00031", references=("https://jdbc.postgresql.org/security/",)),
    Cve("CVE-2026-99026", "2026-11-18", "busybox wget follows a redirect into a local file path. Not yet rated.", 99, "UNTRIAGED", (Package("busybox", "1.36.1", None, release="r19"),), (), "0.00016", references=("https://security.alpinelinux.org/vuln/CVE-2026-99026",), caption="Untriaged"),
]
BY_UID = {cve.uid: cve for cve in CATALOGUE}
