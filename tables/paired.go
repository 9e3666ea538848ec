package tables

import (
	"fmt"

	"contrastcheck/gmm"
)

// Matches refuses, with a gmm.InputError of the other table's source (ErrShape), a table that is not the second modality of the same
// samples: row by row of the same class. It then has the classes in this table's order.
func (t *Table) Matches(other *Table) error {
	refuse := func(key, expected, found string) error {
		return &gmm.InputError{Source: other.source, Key: key, Expected: expected, Found: found, Reason: gmm.ErrShape}
	}
	if len(t.Class) != len(other.Class) {
		return refuse("rows", fmt.Sprintf("%d, as in %s, each of the same sample", len(t.Class), t.source), fmt.Sprint(len(other.Class)))
	}
	for i, k := range t.Class {
		if class, found := t.Classes[k], other.Classes[other.Class[i]]; class != found {
			return refuse(fmt.Sprintf("sample %d", i+1), fmt.Sprintf("class %q, as in %s", class, t.source), fmt.Sprintf("%q", found))
		}
	}
	return nil
}

// Labels returns the class labels of the n samples.
func (t *Table) Labels() []string {
	all := make([]string, len(t.Class))
	for i, k := range t.Class {
		all[i] = t.Classes[k]
	}
	return all
}
