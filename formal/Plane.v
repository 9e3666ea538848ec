(* Points of the plane, symmetric matrices of two rows, and functions that an expectation is asked about. *)
From Coq Require Import Reals Lra Lia Psatz.
Open Scope R_scope.

Definition point := (R * R)%type.
Definition dot (x y : point) := fst x * fst y + snd x * snd y.
Definition add (x y : point) : point := (fst x + fst y, snd x + snd y).
Definition minus (x y : point) : point := (fst x - fst y, snd x - snd y).
Definition scale (a : R) (x : point) : point := (a * fst x, a * snd x).

(* The coordinate across e, where dot e is that along e. *)
Definition turn (e : point) : point := (- snd e, fst e).

(* Symmetric matrices. *)
Record sym := Sym { xx : R; xy : R; yy : R }.
Definition apply (M : sym) (x : point) : point :=
  (xx M * fst x + xy M * snd x, xy M * fst x + yy M * snd x).
Definition form (M : sym) (x y : point) := dot (apply M x) y.
Definition inner (M N : sym) := xx M * xx N + 2 * (xy M * xy N) + yy M * yy N.
Definition mix (t : R) (M N : sym) :=
  Sym ((1 - t) * xx M + t * xx N) ((1 - t) * xy M + t * xy N) ((1 - t) * yy M + t * yy N).
Definition sub (M N : sym) := Sym (xx M - xx N) (xy M - xy N) (yy M - yy N).

(* Sums of n terms. *)
Fixpoint sum (n : nat) (f : nat -> R) :=
  match n with O => 0 | S m => sum m f + f m end.

Lemma sum_step n f : sum (S n) f = sum n f + f n.
Proof. reflexivity. Qed.

Lemma sum_ext n f g : (forall j, (j < n)%nat -> f j = g j) -> sum n f = sum n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [reflexivity|].
  rewrite IH by (intros; apply H; auto with arith). rewrite (H n); auto with arith.
Qed.

Lemma sum_add n f g : sum n (fun j => f j + g j) = sum n f + sum n g.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma sum_scale n a f : sum n (fun j => a * f j) = a * sum n f.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma sum_ge_0 n f : (forall j, (j < n)%nat -> 0 <= f j) -> 0 <= sum n f.
Proof.
  induction n as [|n IH]; intros H; simpl; [lra|].
  assert (0 <= f n) by (apply H; auto with arith).
  assert (0 <= sum n f) by (apply IH; intros; apply H; auto with arith). lra.
Qed.

Lemma sum_squares_0 n f : sum n (fun j => f j * f j) = 0 -> forall j, (j < n)%nat -> f j = 0.
Proof.
  induction n as [|n IH]; intros H j Hj; [inversion Hj|]. simpl in H.
  assert (0 <= sum n (fun j => f j * f j)) by (apply sum_ge_0; intros; nra).
  assert (0 <= f n * f n) by nra.
  assert (f n = 0) by nra.
  destruct (Nat.eq_dec j n) as [->|Hne]; [assumption|].
  apply IH; [lra|lia].
Qed.

(* The size of a point, and functions that are locally Lipschitz with constants that grow at most exponentially: the only ones of which expectations are taken. *)
Definition size (x : point) := Rabs (fst x) + Rabs (snd x).

Definition moderate (g : point -> R) :=
  exists C a, 0 <= C /\ 0 <= a /\
    forall x y, Rabs (g x - g y) <= C * exp (a * (size x + size y)) * size (minus x y).
