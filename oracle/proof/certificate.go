package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
)

// Certificate is what a proof needs besides this package: the verdict, the mixture with δ in exact
// numbers and, unless the case is decided exactly, a minimiser M̂ and a witness. None of it is believed: Check
// proves the verdict anew, or refuses it.
type Certificate struct {
	Pairs   gmm.Pairs
	Loss    Loss
	Claim   string         // the id of the claim of which this is said to be an instance; "" for none. No part of what Check proves
	Verdict oracle.Verdict // Holds or Refuted: whether Col(A*) = S_F
	// Basis lists the s columns of W among the means, from 0: the first that are independent.
	Basis []int
	// Minimiser is N, s×s, with M̂ = Σ⁻¹W N WᵀΣ⁻¹; nil where the case is decided exactly.
	Minimiser [][]*big.Rat
	// Bias is near the best one of a loss whose bias is free; else nil.
	Bias *big.Rat
	// Shift is γ, s long, of the c′ = Σ⁻¹Wγ beside the minimiser of affine maps; else nil.
	Shift []*big.Rat
	// Witness is y, s long, of a refutation: v = Wy has vᵀM̂v + ε vᵀΣ⁻¹v < 0; else nil.
	Witness []*big.Rat
	// Precision of the interval arithmetic in bits, and the negative binary logarithm of
	// the accuracy of the integrals, that are enough: hints. 0 where the case is decided exactly.
	Precision, Accuracy uint
	// Containment says that the verdict is about Col(A*) ⊆ S_F, of components with their own covariances.
	Containment bool
	// Departure is what refutes containment, beside a Minimiser N ⪰ 0 of which M̂ = VNVᵀ, V = Σ̄⁻¹W, is near the best M inside S_F; nil where it holds.
	Departure *Departure
	// Boundary shows that no affine minimiser exists, where M_u is refuted to be positive definite; nil of other certificates.
	Boundary *Boundary
	// Comparison is what a certificate about networks without biases has in place of all from Basis on; nil of others.
	Comparison *Comparison
	// Cosine is what a certificate about representations of length 1 has in place of all from Basis on; nil of others.
	Cosine *Cosine
	// Region is what a certificate about a box of mixtures has in place of all from Basis on; nil of others.
	Region *Region
}

// written is the JSON object of a certificate.
type written struct {
	Claim     string     `json:"claim,omitempty"`
	Statement string     `json:"statement"`
	Verdict   string     `json:"verdict"`
	Property  string     `json:"property,omitempty"` // containment or existence, or else equality
	Words                // of the loss; none of InfoNCE
	Basis     []int      `json:"basis"`
	Minimiser [][]string `json:"minimiser,omitempty"`
	BestBias  string     `json:"best_bias,omitempty"`
	Shift     []string   `json:"shift,omitempty"`
	Witness   []string   `json:"witness,omitempty"`
	Precision uint       `json:"precision,omitempty"`
	Accuracy  uint       `json:"accuracy,omitempty"`
	Departure *departing `json:"departure,omitempty"`
	Boundary  *bounding  `json:"boundary,omitempty"`
	Digest    string     `json:"sha256"`
}

// Write writes the certificate as a mixture file, which every reader of mixtures reads, with the
// certificate under the key of that name.
func (c Certificate) Write(w io.Writer) error {
	return gmm.Write(w, gmm.Document{Pairs: c.Pairs, Certificate: c.object(c.digest())})
}

// object is the certificate's compact JSON with a digest.
func (c Certificate) object(digest string) json.RawMessage {
	var text []byte
	switch {
	case c.Comparison != nil:
		body := c.compared()
		body.Digest = digest
		text, _ = json.Marshal(body)
	case c.Cosine != nil:
		body := c.writtenCosine()
		body.Digest = digest
		text, _ = json.Marshal(body)
	case c.Region != nil:
		body := c.writtenRegion()
		body.Digest = digest
		text, _ = json.Marshal(body)
	default:
		body := c.body()
		body.Digest = digest
		text, _ = json.Marshal(body)
	}
	return text
}

func (c Certificate) body() written {
	body := written{
		Claim: c.Claim, Statement: c.statement(), Verdict: c.Verdict.String(), Words: c.Loss.words, Basis: append([]int{}, c.Basis...),
		Minimiser: formatMatrix(c.Minimiser), Shift: formatRow(c.Shift), Witness: formatRow(c.Witness), Precision: c.Precision, Accuracy: c.Accuracy,
	}
	if c.Bias != nil {
		body.BestBias = c.Bias.RatString()
	}
	if c.Containment {
		body.Property = containment
	}
	if c.Departure != nil {
		body.Departure = c.Departure.written()
	}
	if c.Boundary != nil {
		body.Property, body.Boundary = existence, c.Boundary.written()
	}
	return body
}

// statement is what is said of the mixture, in words.
func (c Certificate) statement() string {
	switch {
	case c.Comparison != nil:
		return c.comparison()
	case c.Cosine != nil:
		return c.cosineStatement()
	case c.Region != nil:
		return c.boxStatement()
	case c.Containment:
		return c.containmentStatement()
	case c.Boundary != nil:
		return fmt.Sprintf("No affine representation minimises the InfoNCE loss of this mixture at δ = %s and any rank r ≥ dim S_c = %d: along every minimising sequence |b| → ∞",
			c.Pairs.ExactDelta().RatString(), len(c.Basis))
	}
	relation := "="
	if c.Verdict == oracle.Refuted {
		relation = "≠"
	}
	kind := c.Loss.of()
	return fmt.Sprintf("Col(A*) %s %s for the %s minimiser A* of this mixture at δ = %s and every rank r ≥ dim %s = %d",
		relation, kind.subspace, kind.title, c.Pairs.ExactDelta().RatString(), kind.subspace, len(c.Basis))
}

// digest is the SHA-256 of the mixture file without its certificate, a line of compact JSON as gmm.Write writes it,
// and of the certificate's own compact JSON without the digest's value.
func (c Certificate) digest() string {
	var text bytes.Buffer
	gmm.Write(&text, gmm.Document{Pairs: c.Pairs})
	sum := sha256.Sum256(append(text.Bytes(), c.object("")...))
	return hex.EncodeToString(sum[:])
}

// Read reads a certificate that Write wrote. What is wrong with the mixture is a gmm.InputError; what is
// wrong with the certificate, an ErrCertificate that names the source. The object must be as Write writes it, but
// for white space: keys in order, numbers in lowest terms.
func Read(source string, r io.Reader) (Certificate, error) { return Limit(1).Read(source, r) }

// Read is the function Read with another limit.
func (l Limit) Read(source string, r io.Reader) (Certificate, error) {
	document, err := gmm.Limit(l).Read(source, r)
	if err != nil {
		return Certificate{}, err
	}
	refuse := func(expected, found string) (Certificate, error) {
		return Certificate{}, fmt.Errorf("%w: %s: expected %s, found %s", ErrCertificate, source, expected, found)
	}
	if document.Certificate == nil {
		return refuse("the key certificate, as prove writes it", "a mixture without it")
	}
	decoder := json.NewDecoder(bytes.NewReader(document.Certificate))
	decoder.DisallowUnknownFields()
	c, stated, err := decoding(document.Certificate)(decoder, document.Pairs)
	if err != nil {
		return refuse("a certificate's object and numbers", err.Error())
	}
	switch err := c.Loss.Admit(document.Pairs); {
	case c.Containment && !c.aboutContainment():
		return refuse("containment of InfoNCE and a mixture whose components have their own covariances", c.Loss.Words().String()+" and "+document.Pairs.Model())
	case !c.Containment && c.Comparison == nil && c.Cosine == nil && err != nil:
		return refuse(c.Loss.Model(), document.Pairs.Model())
	}
	if digest := c.digest(); digest != stated {
		return refuse("the digest "+digest, stated)
	}
	canonical := c.object(stated)
	var compact bytes.Buffer
	if json.Compact(&compact, document.Certificate); !bytes.Equal(compact.Bytes(), canonical) {
		return refuse("the certificate "+string(canonical), compact.String())
	}
	return c, nil
}

// decoding returns what reads a certificate's object of its kind, with its digest.
func decoding(object json.RawMessage) func(*json.Decoder, gmm.Pairs) (Certificate, string, error) {
	switch {
	case comparing(object):
		return decodeComparison
	case ofCosines(object):
		return decodeCosine
	case ofBoxes(object):
		return decodeRegion
	}
	return decodeEquality
}

// decodeEquality reads the object of a certificate about equality, with its digest.
func decodeEquality(decoder *json.Decoder, p gmm.Pairs) (c Certificate, digest string, err error) {
	var body written
	if err = decoder.Decode(&body); err != nil {
		return c, "", err
	}
	c, err = body.certificate(p)
	return c, body.Digest, err
}

func (b written) certificate(p gmm.Pairs) (Certificate, error) {
	c := Certificate{Pairs: p, Claim: b.Claim, Basis: b.Basis, Precision: b.Precision, Accuracy: b.Accuracy}
	switch b.Verdict {
	case oracle.Holds.String():
		c.Verdict = oracle.Holds
	case oracle.Refuted.String():
		c.Verdict = oracle.Refuted
	default:
		return Certificate{}, fmt.Errorf("a verdict %q", b.Verdict)
	}
	var err error
	if c.Loss, err = Named(b.Words); err != nil {
		return Certificate{}, err
	}
	switch b.Property {
	case "":
	case containment:
		c.Containment = true
	case existence:
		if b.Boundary == nil {
			return Certificate{}, errors.New("no boundary")
		}
	default:
		return Certificate{}, fmt.Errorf("a property %q", b.Property)
	}
	if b.Departure != nil {
		if c.Departure, err = b.Departure.departure(); err != nil {
			return Certificate{}, err
		}
	}
	if b.Boundary != nil {
		if c.Boundary, err = b.Boundary.boundary(); err != nil {
			return Certificate{}, err
		}
	}
	if b.BestBias != "" {
		if c.Bias, err = gmm.ParseNumber(b.BestBias); err != nil {
			return Certificate{}, err
		}
	}
	for _, row := range b.Minimiser {
		numbers, failure := parseRow(row)
		c.Minimiser, err = append(c.Minimiser, numbers), errors.Join(err, failure)
	}
	witness, failure := parseRow(b.Witness)
	shift, wrong := parseRow(b.Shift)
	c.Witness, c.Shift = witness, shift
	return c, errors.Join(err, failure, wrong)
}

func parseRow(row []string) (numbers []*big.Rat, err error) {
	for _, text := range row {
		x, failure := gmm.ParseNumber(text)
		if failure != nil {
			return nil, failure
		}
		numbers = append(numbers, x)
	}
	return numbers, nil
}

func formatRow(row []*big.Rat) (texts []string) {
	for _, x := range row {
		texts = append(texts, x.RatString())
	}
	return texts
}

func formatMatrix(m [][]*big.Rat) (texts [][]string) {
	for _, row := range m {
		texts = append(texts, formatRow(row))
	}
	return texts
}
