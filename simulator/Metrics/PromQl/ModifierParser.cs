namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Parses the label lists of aggregations and of vector matching.</summary>
internal sealed class ModifierParser(TokenReader tokens)
{
    /// <summary><c>by (...)</c> or <c>without (...)</c>, if it comes next.</summary>
    public (IReadOnlyList<string> Labels, bool Without)? Grouping()
    {
        var without = tokens.NextIs(TokenKind.Keyword, "without");
        if (!without && !tokens.NextIs(TokenKind.Keyword, "by"))
        {
            return null;
        }

        tokens.Take();
        return (GroupingLabels(), without);
    }

    private List<string> GroupingLabels()
    {
        tokens.Expect("(", "grouping opts", "\"(\"");
        var labels = new List<string>();
        while (!tokens.TryTake(TokenKind.Punctuation, ")"))
        {
            if (!tokens.Next.IsWord)
            {
                throw tokens.Unexpected("grouping opts", "label");
            }

            labels.Add(tokens.Take().Text);
            if (!tokens.NextIs(TokenKind.Punctuation, ")"))
            {
                tokens.Expect(",", "grouping opts", "\",\" or \")\"");
            }
        }

        return labels;
    }

    /// <summary><c>on (...)</c> or <c>ignoring (...)</c> with what may follow it, if it comes next.</summary>
    public VectorMatching? Matching()
    {
        var on = tokens.NextIs(TokenKind.Keyword, "on");
        if (!on && !tokens.NextIs(TokenKind.Keyword, "ignoring"))
        {
            return null;
        }

        tokens.Take();
        var labels = GroupingLabels();
        var left = tokens.NextIs(TokenKind.Keyword, "group_left");
        if (!left && !tokens.NextIs(TokenKind.Keyword, "group_right"))
        {
            return new VectorMatching(on, labels, Cardinality.OneToOne, []);
        }

        tokens.Take();
        IReadOnlyList<string> include = tokens.NextIs(TokenKind.Punctuation, "(") ? GroupingLabels() : [];
        return new VectorMatching(on, labels, left ? Cardinality.ManyToOne : Cardinality.OneToMany, include);
    }
}
