package reports

import (
	"bytes"
	"encoding/json"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/proof"
	"contrastcheck/reports/figures"
	"contrastcheck/tables"
)

// OwnSchema names the form of the report.json of a reader's own mixture. docs/report-schema.md describes it.
const OwnSchema = "contrastcheck-mixture-report/1"

// Subject is what a report is about: a reader's own mixture.
type Subject struct {
	// Pairs are those of the mixture, with δ, as they are; where Centred is set with their mean subtracted already.
	Pairs   gmm.Pairs
	Centred bool
	// Table is what the mixture was fitted to, with that shrinkage, and Text the table of the other modality; nil where there is none.
	Table, Text *tables.Table
	Shrinkage   tables.Shrinkage
	// Lambdas are λ of the classes that were shrunk one by one; nil where they were not.
	Lambdas []float64
	// Notes say what was done to the tables, a sentence each.
	Notes []string
	Loss  losses.Loss
	// Proof is the same loss, as there are proofs of it; NoProof says why there are none, "" if there are.
	Proof   proof.Loss
	NoProof string
	// Command makes the report anew.
	Command string
}

// Own is a report of a reader's own mixture, in the order and with the keys of its report.json.
type Own struct {
	Schema string `json:"schema"`
	// Complete is false where the work was ended early: what is missing was not done.
	Complete bool    `json:"complete"`
	Run      OwnRun  `json:"run"`
	Program  Program `json:"program"`
	Stamp    *Stamp  `json:"stamp,omitempty"`
	Name     string  `json:"name"`
	Loss     OwnLoss `json:"loss"`
	// Dimension has d of each modality.
	Dimension []int `json:"dimension"`
	// Delta is exact, a decimal or a fraction.
	Delta string `json:"delta"`
	// Samples is 0 for a mixture file.
	Samples int      `json:"samples"`
	Classes []Class  `json:"classes"`
	Notes   []string `json:"notes"`
	// Equations typeset a small mixture file.
	Equations []Equation `json:"equations"`
	// Readings are of the mixture as it is and, of a table, centred.
	Readings []Reading `json:"readings"`
	// Differ says why two readings differ; "" where there is one only.
	Differ  string   `json:"differ"`
	Scatter *Scatter `json:"scatter,omitempty"`
	// Price is of the InfoNCE loss, one modality and a shared covariance.
	Price    *OwnPrice `json:"price,omitempty"`
	Compared *Compared `json:"compared,omitempty"`
}

// OwnRun is what the results depend on, beside the program and the mixture.
type OwnRun struct {
	Seed    uint64 `json:"seed"`
	Effort  string `json:"effort"`
	Command string `json:"command"`
}

// OwnLoss is the loss, as it is given.
type OwnLoss struct {
	Loss      string `json:"loss"`
	Score     string `json:"score"`
	Negatives string `json:"negatives,omitempty"`
	Title     string `json:"title"`
	// Subspace is how the subspace is written that is judged.
	Subspace string `json:"subspace"`
}

// Class is a component of the mixture; Samples are those of a table.
type Class struct {
	Name    string `json:"name"`
	Weight  Number `json:"weight"`
	Samples int    `json:"samples,omitempty"`
}

// Reading is what was found of the mixture, as it is or centred.
type Reading struct {
	// Reading is "given", of a mixture file, "raw" or "centred".
	Reading string `json:"reading"`
	// Meaning says in words what is kept, and Remarks what else there is to know.
	Meaning     string          `json:"meaning"`
	Remarks     []string        `json:"remarks"`
	Sides       []OwnSide       `json:"sides"`
	Certificate OwnCertificate  `json:"certificate"`
	Bootstrap   *OwnBootstrap   `json:"bootstrap,omitempty"` // of a table
	Frontier    OwnMap          `json:"frontier"`
	Proof       OwnProof        `json:"proof"`
	theorem     json.RawMessage // the proof's certificate
}

// OwnSide is what was found of one modality.
type OwnSide struct {
	// Modality is "visual" or "text"; "" where there is one only.
	Modality        string     `json:"modality,omitempty"`
	FisherDimension int        `json:"fisher_dimension"`
	Containment     OwnVerdict `json:"containment"`
	// Equality is nil where it is not judged, and so are Directions.
	Equality   *OwnVerdict    `json:"equality,omitempty"`
	Directions *OwnDirections `json:"directions,omitempty"`
	// Discriminants say in words what is kept of the discriminant; "" where that is not known.
	Discriminants    string `json:"discriminants"`
	DiscriminantKept Number `json:"discriminant_kept"`
	OnlyTheMean      bool   `json:"only_the_mean"`
	// Pairs are in the order of what they keep, the worst first.
	Pairs []KeptPair `json:"pairs"`
}

// OwnVerdict is one, and why it is so; Bound is the defect of containment, and the margin of equality.
type OwnVerdict struct {
	Verdict string `json:"verdict"`
	Grade   string `json:"grade"`
	Bound   Number `json:"bound"`
	Reason  string `json:"reason"`
}

// OwnDirections count those of a Fisher subspace.
type OwnDirections struct {
	Kept      int `json:"kept"`
	Lost      int `json:"lost"`
	Undecided int `json:"undecided"`
}

// OwnCertificate is what verdicts rest on.
type OwnCertificate struct {
	Grade   string `json:"grade"`
	Epsilon Number `json:"epsilon"`
	Rule    string `json:"rule"`
}

// OwnMap says where equality holds if δ and the lightest weight were other ones.
type OwnMap struct {
	// LeftOut says why there is no map; "" if there is one.
	LeftOut   string          `json:"left_out,omitempty"`
	Lightest  string          `json:"lightest,omitempty"` // the name of the class
	Points    []OwnPoint      `json:"points"`
	Holds     int             `json:"holds"`
	Refuted   int             `json:"refuted"`
	Undecided int             `json:"undecided"`
	Figure    *figures.Figure `json:"figure,omitempty"`
}

// OwnPoint is one of a map.
type OwnPoint struct {
	Delta   Number `json:"delta"`
	Weight  Number `json:"weight"`
	Verdict string `json:"verdict"`
	Margin  Number `json:"margin"`
}

// OwnProof is a proof of equality, or of its contrary.
type OwnProof struct {
	// LeftOut says why there is none; "" if there is one.
	LeftOut   string `json:"left_out,omitempty"`
	Verdict   string `json:"verdict,omitempty"`
	Margin    string `json:"margin,omitempty"`
	Statement string `json:"statement,omitempty"`
	By        string `json:"by,omitempty"`
	// File is where the report has the certificate, and Command what checks it, as seen from the report's folder.
	File    string `json:"file,omitempty"`
	Command string `json:"command,omitempty"`
}

// Scatter shows points in subspaces.
type Scatter struct {
	LeftOut string          `json:"left_out,omitempty"`
	Shown   int             `json:"shown"`
	Figure  *figures.Figure `json:"figure,omitempty"`
}

// Compared is what projections achieve on the rows of a table.
type Compared struct {
	LeftOut  string `json:"left_out,omitempty"`
	Seeds    int    `json:"seeds"`
	Training int    `json:"training_samples"`
	Test     int    `json:"test_samples"`
	// Homogeneity says that one covariance is a poor description of the classes; "" if it may be one.
	Homogeneity string          `json:"homogeneity"`
	Rows        []Projected     `json:"projections"`
	Figure      *figures.Figure `json:"figure,omitempty"`
}

// Figures returns all figures, in the order of the page.
func (o Own) Figures() []figures.Figure {
	var all []*figures.Figure
	if o.Scatter != nil {
		all = append(all, o.Scatter.Figure)
	}
	if o.Price != nil {
		all = append(all, o.Price.Figure)
	}
	for _, r := range o.Readings {
		all = append(all, r.Frontier.Figure)
	}
	if o.Compared != nil {
		all = append(all, o.Compared.Figure)
	}
	var out []figures.Figure
	for _, f := range all {
		if f != nil {
			out = append(out, *f)
		}
	}
	return out
}

// JSON is the text of report.json.
func (o Own) JSON() []byte { return indented(o) }

// indented is the text of a report.json.
func indented(report any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(report); err != nil {
		panic("reports: " + err.Error()) // the type has a JSON form
	}
	return b.Bytes()
}

// attachments are the figures and the certificates.
func (o Own) attachments() []file {
	out := figureFiles(o.Figures())
	for _, r := range o.Readings {
		if r.Proof.File != "" {
			out = append(out, file{r.Proof.File, r.theorem})
		}
	}
	return out
}
