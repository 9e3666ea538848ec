package reports

import (
	"cmp"
	"slices"
	"strings"

	"contrastcheck/reports/figures"
)

// Chapter is a question with the claims that answer it, the refuted ones first, and what there is to see.
type Chapter struct {
	ID, Question string
	Claims       []Claim
	Figures      []figures.Figure
	Comparisons  []Comparison
}

// question is a chapter, and tells by their ids which claims it has: whole ids, or beginnings that end in a hyphen.
type question struct {
	id, text string
	ids      []string
}

// questions are in the order of chapters; a claim belongs to the first that has it.
var questions = []question{
	{"kept", "Is everything kept in which the classes differ?", []string{"equality", "equality-", "small-delta", "symmetric-pair", "orthogonal-mean"}},
	{"beside", "Is anything learned beside it?", []string{"containment", "containment-low-rank"}},
	{"negatives", "Do more negatives help?", []string{"negatives-equality", "negatives-equality-", "negatives-monotone", "negatives-antitone"}},
	{"losses", "Does another loss keep more?", []string{"sigmoid-equality", "sigmoid-equality-", "dv-equality", "spectral-equality", "agreement-equality",
		"distance-equality", "distance-equality-", "distance-debiased", "simsiam-", "alignment-", "hadsell-"}},
	{"own", "What if classes have covariances of their own?", []string{"containment-", "envelope-", "own-", "distance-own", "distance-envelope"}},
	{"modalities", "And of two modalities?", []string{"clip-containment", "clip-containment-", "clip-spectral"}},
	{"maps", "And beyond linear maps?", []string{"affine-", "network-", "sign-network-", "relu-network-", "shared-encoder-"}},
	{"cosines", "And with cosines as scores?", []string{"cosine-"}},
	{"projections", "Is it better than PCA, and as good as LDA?", []string{"fisher-optimal", "svd-"}},
	{"further", "What else was asked?", nil},
	{"tools", "What every loss has, and tools of the proofs", []string{"infonce-definition", "clip-definition", "augmentation", "invariance", "convexity", "projection-descent", "stationarity"}},
}

// chapterOf is the index of the question that a claim answers.
func chapterOf(id string) int {
	for i, q := range questions {
		if slices.ContainsFunc(q.ids, func(known string) bool {
			return id == known || strings.HasSuffix(known, "-") && strings.HasPrefix(id, known)
		}) {
			return i
		}
	}
	tools := len(questions) - 1
	for _, ending := range []string{"-definition", "-convexity", "-containment", "-stationarity"} {
		if strings.HasSuffix(id, ending) {
			return tools
		}
	}
	return tools - 1 // what else was asked
}

// Chapters are the questions that the report answers, but for the tools.
func (r Results) Chapters() []Chapter {
	all := r.chapters()
	return slices.DeleteFunc(all[:len(all)-1], func(c Chapter) bool { return c.Claims == nil })
}

// Tools are the claims that the proofs rest on.
func (r Results) Tools() Chapter { return r.chapters()[len(questions)-1] }

func (r Results) chapters() []Chapter {
	all := make([]Chapter, len(questions))
	for i, q := range questions {
		all[i] = Chapter{ID: "chapter-" + q.id, Question: q.text}
		if q.id == "projections" {
			all[i].Comparisons = r.Comparisons
		}
	}
	for _, c := range r.Claims {
		to := &all[chapterOf(c.ID)]
		to.Claims = append(to.Claims, c)
		to.Figures = append(to.Figures, c.Figures...)
	}
	for _, c := range all {
		slices.SortStableFunc(c.Claims, func(a, b Claim) int { return cmp.Compare(a.urgency(), b.urgency()) })
	}
	return all
}

// urgency is less for what readers ask for first.
func (c Claim) urgency() int {
	switch {
	case c.Unexpected():
		return 0
	case c.Found == "refuted":
		return 1
	case c.unfinished():
		return 2
	case c.Found == "undecided":
		return 3
	}
	return 4
}

// Answer counts the outcomes of the chapter's claims.
func (c Chapter) Answer() string { return counts(c.Claims) + "." }

// Row is a claim in the table of all claims, with its place when the table is sorted by its outcome, its chapter, its id or its grade.
type Row struct {
	Claim
	Chapter                               string
	ByOutcome, ByChapter, ByName, ByGrade int
}

// Rows are the claims but for the tools, what is not as recorded first, then the refuted ones.
func (r Results) Rows() []Row {
	var rows []Row
	for _, chapter := range r.Chapters() {
		for _, c := range chapter.Claims {
			rows = append(rows, Row{Claim: c, Chapter: chapter.Question})
		}
	}
	place := func(into func(*Row) *int, less func(a, b Row) int) {
		order := slices.Clone(rows)
		slices.SortStableFunc(order, less)
		for i, o := range order {
			*into(&rows[slices.IndexFunc(rows, func(x Row) bool { return x.ID == o.ID })]) = i
		}
	}
	place(func(x *Row) *int { return &x.ByChapter }, func(Row, Row) int { return 0 })
	place(func(x *Row) *int { return &x.ByOutcome }, func(a, b Row) int { return cmp.Compare(a.urgency(), b.urgency()) })
	place(func(x *Row) *int { return &x.ByName }, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	place(func(x *Row) *int { return &x.ByGrade }, func(a, b Row) int { return cmp.Compare(gradeOrder(a.Grade), gradeOrder(b.Grade)) })
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.ByOutcome, b.ByOutcome) })
	return rows
}

// gradeOrder is less for what is surer.
func gradeOrder(grade string) int {
	return slices.Index([]string{"proved", "bounded", "estimated", ""}, grade)
}
