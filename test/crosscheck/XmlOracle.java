import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.DigestMethodParameterSpec;
import javax.xml.crypto.dsig.spec.SignatureMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * Signs and verifies enveloped XML signatures with the JDK's own javax.xml.crypto, secure validation on. A request is one
 * line of fields divided by a space, octets in base64; its answer is one line. It shares no code with the product.
 *
 * <pre>
 * verify DOCUMENT CERTIFICATE                      valid SHA256-OF-WHAT-URI=""-COVERS | refused WHY
 * sign DOCUMENT KEY CERTIFICATE SIGNATUREMETHOD DIGESTMETHOD STYLE PROPERTIES      signed DOCUMENT
 * </pre>
 */
public final class XmlOracle {
    private static final String XADES = "http://uri.etsi.org/01903/v1.3.2#";
    private static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private static final XMLSignatureFactory SIGNATURES = XMLSignatureFactory.getInstance("DOM");
    private static final Map<String, X509Certificate> CERTIFICATES = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        // Xerces writes what it refuses to standard error; the answer says it already.
        System.setErr(new PrintStream(new ByteArrayOutputStream()));
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        var answers = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        answers.println("ready " + Runtime.version());
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(answer(line.split(" ")));
        }
    }

    private static String answer(String[] fields) {
        try {
            if (fields[0].equals("verify")) return verify(decode(fields[1]), certificate(fields[2]));
            if (fields[0].equals("sign")) return "signed " + encode(sign(fields));
            return "failed unknown request";
        } catch (Exception problem) {
            return (fields[0].equals("verify") ? "refused " : "failed ") + describe(problem);
        }
    }

    private static String describe(Exception problem) {
        String text = problem.getClass().getSimpleName() + ": " + problem.getMessage();
        return text.replaceAll("[^\\x20-\\x7e]", " ");
    }

    private static String verify(byte[] document, X509Certificate certificate) throws Exception {
        Document parsed = parser().parse(new ByteArrayInputStream(document));
        NodeList found = parsed.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
        if (found.getLength() == 0) return "refused no signature";
        NodeList properties = parsed.getElementsByTagNameNS(XADES, "SignedProperties");
        for (int index = 0; index < properties.getLength(); index++) {
            Element element = (Element) properties.item(index);
            if (element.hasAttributeNS(null, "Id")) element.setIdAttributeNS(null, "Id", true);
        }
        // The key is given, not taken from KeyInfo: what is compared is the signature, trust is another matter.
        var selector = KeySelector.singletonKeySelector(certificate.getPublicKey());
        var context = new DOMValidateContext(selector, found.item(0));
        context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
        context.setProperty("javax.xml.crypto.dsig.cacheReference", Boolean.TRUE);
        XMLSignature signature = SIGNATURES.unmarshalXMLSignature(context);
        if (!signature.validate(context)) return "refused not valid";
        return "valid " + digestOfDocument(signature.getSignedInfo());
    }

    private static String digestOfDocument(SignedInfo signed) throws Exception {
        for (Object one : signed.getReferences()) {
            Reference reference = (Reference) one;
            if (!"".equals(reference.getURI())) continue;
            byte[] octets = reference.getDigestInputStream().readAllBytes();
            return encode(MessageDigest.getInstance("SHA-256").digest(octets));
        }
        return "-";
    }

    private static byte[] sign(String[] fields) throws Exception {
        Document document = parser().parse(new ByteArrayInputStream(decode(fields[1])));
        X509Certificate certificate = certificate(fields[3]);
        PrivateKey key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(decode(fields[2])));
        var style = List.of(fields[6].split(","));
        boolean hasProperties = fields.length > 7;
        List<Reference> references = new ArrayList<>();
        references.add(reference(fields[5], "", null, Transform.ENVELOPED, EXCLUSIVE));
        List<javax.xml.crypto.dsig.XMLObject> objects = new ArrayList<>();
        if (hasProperties) {
            references.add(reference(fields[5], "#p", "http://uri.etsi.org/01903#SignedProperties", EXCLUSIVE));
            objects.add(object(document, decode(fields[7])));
        }
        var exclusive = SIGNATURES.newCanonicalizationMethod(EXCLUSIVE, (C14NMethodParameterSpec) null);
        var method = SIGNATURES.newSignatureMethod(fields[4], (SignatureMethodParameterSpec) null);
        var signed = SIGNATURES.newSignedInfo(exclusive, method, references, style.contains("ids") ? "si" : null);
        KeyInfo keyInfo = style.contains("bare") ? null : keyInfo(certificate, style);
        var signature = SIGNATURES.newXMLSignature(signed, keyInfo, objects, hasProperties ? "s" : null, null);
        var context = new DOMSignContext(key, document.getDocumentElement());
        if (style.contains("prefix")) context.setDefaultNamespacePrefix("ds");
        if (hasProperties) {
            Element found = (Element) ((DOMStructure) objects.get(0).getContent().get(0)).getNode();
            context.setIdAttributeNS((Element) found.getFirstChild(), null, "Id");
        }
        signature.sign(context);
        return write(document);
    }

    private static Reference reference(String digest, String uri, String type, String... algorithms) throws Exception {
        List<Transform> transforms = new ArrayList<>();
        for (String one : algorithms) transforms.add(SIGNATURES.newTransform(one, (TransformParameterSpec) null));
        var method = SIGNATURES.newDigestMethod(digest, (DigestMethodParameterSpec) null);
        return SIGNATURES.newReference(uri, method, transforms, type, null);
    }

    private static javax.xml.crypto.dsig.XMLObject object(Document document, byte[] properties) throws Exception {
        Element parsed = parser().parse(new ByteArrayInputStream(properties)).getDocumentElement();
        XMLStructure content = new DOMStructure(document.importNode(parsed, true));
        return SIGNATURES.newXMLObject(List.of(content), null, null, null);
    }

    private static KeyInfo keyInfo(X509Certificate certificate, List<String> style) throws Exception {
        KeyInfoFactory factory = SIGNATURES.getKeyInfoFactory();
        List<XMLStructure> content = new ArrayList<>();
        List<Object> data = new ArrayList<>(List.of(certificate));
        if (style.contains("hints")) {
            content.add(factory.newKeyName("ondertekenaar"));
            content.add(factory.newKeyValue(certificate.getPublicKey()));
            data.add(0, certificate.getSubjectX500Principal().getName());
            data.add(0, factory.newX509IssuerSerial(
                certificate.getIssuerX500Principal().getName(), certificate.getSerialNumber()));
        }
        content.add(factory.newX509Data(data));
        return factory.newKeyInfo(content);
    }

    private static byte[] write(Document document) throws Exception {
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        var written = new ByteArrayOutputStream();
        transformer.transform(new DOMSource(document), new StreamResult(written));
        return written.toByteArray();
    }

    private static DocumentBuilder parser() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setEntityResolver((name, system) -> new InputSource(new StringReader("")));
        builder.setErrorHandler(null);
        return builder;
    }

    private static X509Certificate certificate(String encoded) throws Exception {
        X509Certificate known = CERTIFICATES.get(encoded);
        if (known != null) return known;
        var factory = CertificateFactory.getInstance("X.509");
        var read = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decode(encoded)));
        CERTIFICATES.put(encoded, read);
        return read;
    }

    private static byte[] decode(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static String encode(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
